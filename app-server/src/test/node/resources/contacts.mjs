import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused } from '../support/expect.mjs';

async function people(resend, segment) {
  await ok(resend.contactProperties.create({ key: 'city', type: 'string', fallbackValue: 'Wien' }));
  await ok(resend.contactProperties.create({ key: 'age', type: 'number' }));
  const full = await ok(resend.contacts.create({
    email: 'ada+plus@inbox.example', firstName: 'Ada', lastName: 'Lövelace', unsubscribed: true,
    properties: { city: 'London', age: 36 }, segments: [{ id: segment }],
  }), { object: 'contact', id: UUID });
  const person = {
    id: full.id, email: 'ada+plus@inbox.example', first_name: 'Ada', last_name: 'Lövelace', unsubscribed: true, created_at: TIME,
  };
  const got = await ok(resend.contacts.get(full.id), { object: 'contact', ...person });
  assert.deepEqual(got.properties, { city: { type: 'string', value: 'London' }, age: { type: 'number', value: 36 } });
  await ok(resend.contacts.get({ email: 'ada+plus@inbox.example' }), person);
  await ok(resend.contacts.get({ id: full.id, audienceId: segment }), person);
  await ok(resend.contacts.create({ email: 'ada+plus@inbox.example', firstName: 'Ada' }), { object: 'contact', id: full.id });
  const plain = await ok(resend.contacts.create({ email: 'bob@inbox.example' }), { id: UUID });
  matches(await ok(resend.contacts.get(plain.id)), { first_name: null, last_name: null, unsubscribed: false });
  assert.deepEqual((await ok(resend.contacts.get(plain.id))).properties, {});
  const old = await ok(resend.contacts.create({ email: 'cid@inbox.example', audienceId: segment, lastName: 'C' }), { object: 'contact', id: UUID });

  await exactly(resend.contacts.update({ id: plain.id, firstName: 'Bob', unsubscribed: true, properties: { city: 'Graz' } }),
    { object: 'contact', id: plain.id });
  await exactly(resend.contacts.update({ email: 'ada+plus@inbox.example', lastName: null, properties: { age: null } }),
    { object: 'contact', id: full.id });
  await ok(resend.contacts.update({ id: old.id, audienceId: segment, firstName: 'Cid' }), { id: old.id });
  await ok(resend.contacts.get(plain.id), { first_name: 'Bob', unsubscribed: true, properties: { city: { type: 'string', value: 'Graz' } } });
  const cleared = await ok(resend.contacts.get(full.id), { first_name: 'Ada', last_name: null });
  assert.ok(!cleared.properties.age || cleared.properties.age.value === null, JSON.stringify(cleared));
  await ok(resend.contacts.get({ email: 'cid@inbox.example', audienceId: segment }), { first_name: 'Cid', last_name: 'C' });

  const list = await ok(resend.contacts.list(), { object: 'list', has_more: false });
  matches(list.data.map((contact) => contact.id), [old.id, plain.id, full.id]);
  matches(list.data[1], { email: 'bob@inbox.example', first_name: 'Bob', last_name: null, unsubscribed: true, created_at: TIME });
  await pages((options) => resend.contacts.list(options), list.data.map((contact) => contact.id));
  const inSegment = [old.id, full.id];
  for (const filter of [{ segmentId: segment }, { audienceId: segment }]) {
    const part = await ok(resend.contacts.list(filter), { object: 'list', has_more: false });
    assert.deepEqual(part.data.map((contact) => contact.id).sort(), [...inSegment].sort());
  }
  await refused(resend.contacts.list({ segmentId: UNKNOWN }), 404, 'not_found', /^Audience not found$/);
  await refused(resend.contacts.create({ email: 'no address' }), 422, 'validation_error', /email/);
  await refused(resend.contacts.create({}), 422, 'missing_required_field', /^Missing `email` field\.$/);
  await refused(resend.contacts.get('nobody@inbox.example'), 404, 'not_found', /^Contact not found$/);
  await refused(resend.contacts.update({ id: UNKNOWN, firstName: 'x' }), 404, 'not_found', /^Contact not found$/);
  return { full: full.id, plain: plain.id, old: old.id };
}

async function segments(resend, contactId, first) {
  const second = (await ok(resend.segments.create({ name: 'Second' }))).id;
  const email = 'ada+plus@inbox.example';
  await ok(resend.contacts.segments.add({ contactId, segmentId: second }), { id: second });
  await ok(resend.contacts.segments.add({ email, segmentId: second }), { id: second });
  const list = await ok(resend.contacts.segments.list({ contactId }), { object: 'list', has_more: false });
  assert.deepEqual(list.data.map((segment) => segment.id).sort(), [first, second].sort());
  matches(list.data.find((segment) => segment.id === second), { name: 'Second', created_at: TIME });
  await ok(resend.contacts.segments.list({ email, limit: 1 }), { has_more: true, data: [{ id: UUID }] });
  await ok(resend.contacts.segments.remove({ email, segmentId: second }), { id: second, deleted: true });
  await ok(resend.contacts.segments.list({ email }), { data: [{ id: first }] });
  await refused(resend.contacts.segments.add({ contactId, segmentId: UNKNOWN }), 404, 'not_found', /^Audience not found$/);
  await refused(resend.contacts.segments.list({ contactId: UNKNOWN }), 404, 'not_found', /^Contact not found$/);
  await ok(resend.segments.remove(second));
}

async function topics(resend, id) {
  const news = (await ok(resend.topics.create({ name: 'News', description: 'All of it', defaultSubscription: 'opt_in' }))).id;
  const offers = (await ok(resend.topics.create({ name: 'Offers', defaultSubscription: 'opt_out' }))).id;
  const email = 'ada+plus@inbox.example';
  const list = async (who) => (await ok(resend.contacts.topics.list(who), { object: 'list', has_more: false })).data;
  const of = (topicsOf, topic) => topicsOf.find((item) => item.id === topic);
  let now = await list({ id });
  matches(of(now, news), { name: 'News', description: 'All of it', subscription: 'opt_in' });
  matches(of(now, offers), { name: 'Offers', description: null, subscription: 'opt_out' });
  await ok(resend.contacts.topics.update({ id, topics: [{ id: news, subscription: 'opt_out' }] }), { id });
  await ok(resend.contacts.topics.update({ email, topics: [{ id: offers, subscription: 'opt_in' }] }), { id });
  now = await list({ email });
  assert.equal(of(now, news).subscription, 'opt_out');
  assert.equal(of(now, offers).subscription, 'opt_in');
  await refused(resend.contacts.topics.update({ id, topics: [{ id: UNKNOWN, subscription: 'opt_in' }] }), 404, 'not_found', /^Topic not found$/);
  await refused(resend.contacts.topics.update({ id: UNKNOWN, topics: [] }), 404, 'not_found', /^Contact not found$/);
  const subscribed = await ok(resend.contacts.create({ email: 'dee@inbox.example', topics: [{ id: offers, subscription: 'opt_in' }] }));
  assert.equal(of(await list({ id: subscribed.id }), offers).subscription, 'opt_in');
  await ok(resend.contacts.remove(subscribed.id));
  for (const topic of [news, offers]) await ok(resend.topics.remove(topic));
}

export default async function contacts({ resend }) {
  const segment = (await ok(resend.segments.create({ name: 'First' }))).id;
  const { full, plain, old } = await people(resend, segment);
  await segments(resend, full, segment);
  await topics(resend, full);

  await ok(resend.contacts.remove(full), { object: 'contact', contact: full, deleted: true });
  await ok(resend.contacts.remove({ email: 'bob@inbox.example' }), { object: 'contact', deleted: true, contact: (c) => [plain, 'bob@inbox.example'].includes(c) });
  await ok(resend.contacts.remove({ email: 'cid@inbox.example', audienceId: segment }), { object: 'contact', contact: 'cid@inbox.example', deleted: true });
  await refused(resend.contacts.get(full), 404, 'not_found', /^Contact not found$/);
  await refused(resend.contacts.remove(UNKNOWN), 404, 'not_found', /^Contact not found$/);
  // Through an audience this was never a failure.
  await ok(resend.contacts.remove({ id: UNKNOWN, audienceId: segment }), { contact: UNKNOWN, deleted: true });
  await resend.contacts.remove(old);
  for (const property of (await ok(resend.contactProperties.list())).data) await ok(resend.contactProperties.remove(property.id));
  await ok(resend.segments.remove(segment));
  assert.deepEqual((await ok(resend.contacts.list())).data, []);
}
