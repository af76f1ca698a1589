import assert from 'node:assert/strict';
import { UUID, mail, ok, refused } from '../support/expect.mjs';

export default async function batch({ resend }) {
  const good = [mail('batch 1'), mail('batch 2', { tags: [{ name: 'a', value: 'b' }] })];
  const strict = await ok(resend.batch.send(good, { idempotencyKey: 'node/batch' }), { data: [{ id: UUID }, { id: UUID }] });
  assert.deepEqual(Object.keys(strict), ['data']);
  assert.deepEqual(await ok(resend.batch.send(good, { idempotencyKey: 'node/batch' })), strict, 'the same key, the same mails');
  await ok(resend.emails.get(strict.data[1].id), { subject: 'batch 2', tags: [{ name: 'a', value: 'b' }] });

  // All or nothing, then what is right of it.
  const before = (await ok(resend.emails.list())).data.length;
  const mixed = [mail('batch 3'), mail('batch 4', { to: 'nobody' })];
  await refused(resend.batch.send(mixed), 422, 'validation_error', /`to`/);
  assert.equal((await ok(resend.emails.list())).data.length, before, 'nothing was sent');
  const permissive = await ok(resend.batch.create(mixed, { batchValidation: 'permissive' }), {
    data: [{ id: UUID }], errors: [{ index: 1, message: /`to`/ }],
  });
  await ok(resend.emails.get(permissive.data[0].id), { subject: 'batch 3' });
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const later = await ok(resend.batch.send([mail('batch 5', { scheduledAt: at })]), { data: [{ id: UUID }] });
  await ok(resend.emails.get(later.data[0].id), { last_event: 'scheduled' });
  await ok(resend.emails.cancel(later.data[0].id));
}
