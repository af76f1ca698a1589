import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, mail, matches, ok, pages, refused, until } from '../support/expect.mjs';

export default async function suppressions({ resend }) {
  const all = resend.suppressions;
  const one = await exactly(all.add({ email: 'no+more@inbox.example' }), { object: 'suppression', id: UUID });
  const full = { object: 'suppression', id: one.id, email: 'no+more@inbox.example', origin: 'manual', source_id: null, created_at: TIME };
  await exactly(all.get(one.id), full);
  await exactly(all.get('no+more@inbox.example'), full);
  const batch = await ok(all.batch.add({ emails: ['b1@inbox.example', 'b2@inbox.example', 'b3@inbox.example'] }), {
    data: [1, 2, 3].map(() => ({ object: 'suppression', id: UUID })),
  });
  const [b1, b2, b3] = batch.data.map((item) => item.id);

  const list = await ok(all.list(), { object: 'list', has_more: false });
  assert.equal(list.data.length, 4);
  matches(list.data.at(-1), { id: one.id, email: 'no+more@inbox.example', origin: 'manual', source_id: null, created_at: TIME });
  await pages((options) => all.list(options), list.data.map((item) => item.id));
  await pages((options) => all.list({ origin: 'manual', ...options }), list.data.map((item) => item.id));
  await ok(all.list({ origin: 'bounce' }), { object: 'list', data: [] });

  // Who is suppressed gets nothing, and the mail says so.
  const { id } = await ok(resend.emails.send(mail('unwanted', { to: 'no+more@inbox.example' })));
  await until('suppressed', async () => (await ok(resend.emails.get(id))).last_event === 'suppressed');

  const removed = await ok(all.batch.remove({ emails: ['b1@inbox.example'] }), { data: [{ object: 'suppression', id: b1, deleted: true }] });
  assert.deepEqual(Object.keys(removed), ['data']);
  await ok(all.batch.remove({ ids: [b2, b3] }), { data: [{ id: b2, deleted: true }, { id: b3, deleted: true }] });
  await exactly(all.remove('no+more@inbox.example'), { object: 'suppression', id: one.id, deleted: true });
  for (const gone of [one.id, 'b1@inbox.example', UNKNOWN]) {
    await refused(all.get(gone), 404, 'not_found', /^Suppression not found$/);
    await refused(all.remove(gone), 404, 'not_found', /^Suppression not found$/);
  }
  await refused(all.add({ email: 'no address' }), 422, 'validation_error', /email/);
  await refused(all.batch.add({ emails: [] }), 422, 'missing_required_field', /emails/);
}
