import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused, until } from '../support/expect.mjs';

const csv = (...lines) => new Blob([lines.join('\r\n') + '\r\n'], { type: 'text/csv' });

export default async function imports({ resend }) {
  const all = resend.contacts.imports;
  const finished = (id) => until('imported', async () => {
    const now = await ok(all.get(id));
    return ['completed', 'failed'].includes(now.status) && now;
  });
  const segment = (await ok(resend.segments.create({ name: 'Imported' }))).id;
  const topic = (await ok(resend.topics.create({ name: 'Imported', defaultSubscription: 'opt_out' }))).id;

  const first = await exactly(all.create({
    file: csv('email,first_name,last_name,unsubscribed', 'one@inbox.example,One,"Last, name",false', 'two@inbox.example,Zwei,,true', 'not an address,,,'),
    segments: [{ id: segment }], topics: [{ id: topic, subscription: 'opt_in' }],
  }), { object: 'contact_import', id: UUID });
  matches(await finished(first.id), {
    object: 'contact_import', id: first.id, status: 'completed', created_at: TIME, completed_at: TIME,
    counts: { total: 3, created: 2, updated: 0, skipped: 0, failed: 1 },
  });
  await ok(resend.contacts.get('one@inbox.example'), { first_name: 'One', last_name: 'Last, name', unsubscribed: false });
  await ok(resend.contacts.get('two@inbox.example'), { first_name: 'Zwei', last_name: null, unsubscribed: true });
  assert.equal((await ok(resend.contacts.list({ segmentId: segment }))).data.length, 2);
  const topics = await ok(resend.contacts.topics.list({ email: 'one@inbox.example' }));
  assert.equal(topics.data.find((item) => item.id === topic).subscription, 'opt_in');

  const second = await ok(all.create({
    file: csv('Mail,Vorname', 'one@inbox.example,Eins', 'three@inbox.example,Drei'), columnMap: { email: 'Mail', firstName: 'Vorname' },
  }));
  matches(await finished(second.id), { status: 'completed', counts: { total: 2, created: 1, updated: 1, skipped: 0, failed: 0 } });
  await ok(resend.contacts.get('one@inbox.example'), { first_name: 'Eins' });
  const third = await ok(all.create({ file: csv('email,first_name', 'one@inbox.example,Uno'), onConflict: 'skip' }));
  matches(await finished(third.id), { status: 'completed', counts: { total: 1, created: 0, updated: 0, skipped: 1, failed: 0 } });
  await ok(resend.contacts.get('one@inbox.example'), { first_name: 'Eins' });

  const list = await ok(all.list({ status: 'completed' }), { object: 'list', has_more: false });
  matches(list.data.map((item) => item.id), [third.id, second.id, first.id]);
  await ok(all.list({ status: 'failed' }), { data: [] });
  await pages((options) => all.list(options), list.data.map((item) => item.id));
  await refused(all.create({ file: csv('name', 'x') }), 422, 'validation_error', /email/);
  await refused(all.get(UNKNOWN), 404, 'not_found', /not found/);

  for (const contact of (await ok(resend.contacts.list())).data) await ok(resend.contacts.remove(contact.id));
  await ok(resend.topics.remove(topic));
  await ok(resend.segments.remove(segment));
}
