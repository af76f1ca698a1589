import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, matches, ok, refused, until } from '../support/expect.mjs';

// Reads what the other scripts left: every request but those of the log itself may be in it.
export default async function logs({ resend }) {
  const { id } = await ok(resend.segments.create({ name: 'Logged' }));
  await refused(resend.segments.create({}), 422, 'missing_required_field', /`name`/);
  await ok(resend.segments.remove(id));
  const page = await until('the last call is logged', async () => {
    const now = await ok(resend.logs.list({ limit: 20 }), { object: 'list' });
    return now.data.some((log) => log.method === 'DELETE' && log.endpoint === `/segments/${id}`) && now;
  });
  page.data.forEach((log) => matches(log, {
    id: UUID, created_at: TIME, endpoint: /^\//, method: /^(GET|POST|PATCH|PUT|DELETE)$/, response_status: Number.isInteger,
  }));
  const posts = page.data.filter((log) => log.method === 'POST' && log.endpoint === '/segments');
  const [refusal, success] = posts;
  matches(success, { response_status: 201, user_agent: 'resend-node:6.38.0' });
  matches(refusal, { response_status: 422 });
  matches(await ok(resend.logs.get(success.id)), {
    object: 'log', ...success, request_body: { name: 'Logged' }, response_body: { object: 'segment', id, name: 'Logged' },
  });
  matches(await ok(resend.logs.get(refusal.id)), {
    request_body: {}, response_body: { statusCode: 422, name: 'missing_required_field' },
  });
  const first = page.data.slice(0, 1)[0].id;
  const [older] = (await ok(resend.logs.list({ limit: 1, after: first }), { has_more: true })).data;
  const newer = (await ok(resend.logs.list({ limit: 1, before: older.id }))).data;
  assert.deepEqual(newer.map((log) => log.id), [first]);
  await refused(resend.logs.list({ limit: 101 }), 422, 'validation_error', /limit/);
  await refused(resend.logs.get(UNKNOWN), 404, 'not_found', /not found$/);
}
