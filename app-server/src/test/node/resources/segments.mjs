import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused } from '../support/expect.mjs';

// The client's `audiences` are its `segments` under their older name.
async function drive(segments) {
  const made = [];
  for (const name of ['First', 'Zweites', '🐐 three']) {
    made.unshift(await ok(segments.create({ name }), { object: 'segment', id: UUID, name }));
  }
  const [{ id }] = made;
  await ok(segments.get(id), { object: 'segment', id, name: '🐐 three', created_at: TIME });
  await exactly(segments.update(id, { name: 'Third' }), { object: 'segment', id });
  await ok(segments.get(id), { name: 'Third' });
  const list = await ok(segments.list(), { object: 'list', has_more: false });
  matches(list.data.slice(0, 3), [
    { id, name: 'Third', created_at: TIME }, { id: made[1].id, name: 'Zweites' }, { id: made[2].id, name: 'First' }]);
  await pages((options) => segments.list(options), list.data.map((segment) => segment.id));
  for (const segment of made) {
    await exactly(segments.remove(segment.id), { object: 'segment', id: segment.id, deleted: true });
  }
  await refused(segments.get(id), 404, 'not_found', /^Audience not found$/);
  await refused(segments.update(UNKNOWN, { name: 'x' }), 404, 'not_found', /^Audience not found$/);
  await refused(segments.create({}), 422, 'missing_required_field', /`name`/);
  // Removing what is not there is no failure, as it never was.
  await ok(segments.remove(UNKNOWN), { object: 'segment', deleted: true });
  assert.equal((await ok(segments.list())).data.length, list.data.length - 3);
}

// The paths that older clients and those of other languages still use.
async function older(resend) {
  const name = 'An audience';
  const { id } = await exactly(resend.post('/audiences', { name }), { object: 'audience', id: UUID, name });
  await exactly(resend.get(`/audiences/${id}`), { object: 'audience', id, name, created_at: TIME });
  const list = await ok(resend.get('/audiences'), { object: 'list', has_more: false });
  matches(list.data[0], { id, name, created_at: TIME });
  await ok(resend.segments.get(id), { object: 'segment', id, name });
  const contact = await ok(resend.post(`/audiences/${id}/contacts`, { email: 'old@inbox.example' }), { object: 'contact', id: UUID });
  await ok(resend.get(`/audiences/${id}/contacts`), { object: 'list', has_more: false, data: [{ id: contact.id, email: 'old@inbox.example' }] });
  await ok(resend.delete(`/contacts/${contact.id}`));
  await exactly(resend.delete(`/audiences/${id}`), { object: 'audience', id, deleted: true });
  await refused(resend.get(`/audiences/${id}`), 404, 'not_found', /^Audience not found$/);
}

export default async function segments({ resend }) {
  await drive(resend.segments);
  await drive(resend.audiences);
  await older(resend);
}
