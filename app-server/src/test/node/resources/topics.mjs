import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, refused } from '../support/expect.mjs';

export default async function topics({ resend }) {
  const { id } = await ok(resend.topics.create({ name: 'News', description: 'What is new', defaultSubscription: 'opt_in' }), { id: UUID });
  const plain = await ok(resend.topics.create({ name: 'Offers', defaultSubscription: 'opt_out' }), { id: UUID });
  const shown = await ok(resend.topics.create({ name: 'Shown', defaultSubscription: 'opt_in', visibility: 'public' }), { id: UUID });
  await ok(resend.topics.get(id), {
    object: 'topic', id, name: 'News', description: 'What is new', default_subscription: 'opt_in', visibility: 'private', created_at: TIME,
  });
  await ok(resend.topics.get(plain.id), { description: null, default_subscription: 'opt_out' });
  await ok(resend.topics.get(shown.id), { visibility: 'public' });
  matches(await ok(resend.topics.update({ id, name: 'Newest', description: 'Changed' })), { object: 'topic', id });
  const list = await ok(resend.topics.list(), { object: 'list', has_more: false });
  matches(list.data, [{ id: shown.id }, { id: plain.id, name: 'Offers' }, {
    id, name: 'Newest', description: 'Changed', default_subscription: 'opt_in', visibility: 'private', created_at: TIME,
  }]);
  await refused(resend.topics.create({ name: 'x'.repeat(51), defaultSubscription: 'opt_in' }), 422, 'validation_error', /name/);
  await refused(resend.topics.create({ name: 'x', defaultSubscription: 'sometimes' }), 422, 'validation_error', /default_subscription/);
  for (const topic of [plain.id, shown.id, id]) {
    await exactly(resend.topics.remove(topic), { object: 'topic', id: topic, deleted: true });
  }
  await refused(resend.topics.get(id), 404, 'not_found', /^Topic not found$/);
  await refused(resend.topics.update({ id: UNKNOWN, name: 'x' }), 404, 'not_found', /^Topic not found$/);
  await refused(resend.topics.remove(UNKNOWN), 404, 'not_found', /^Topic not found$/);
  assert.deepEqual((await ok(resend.topics.list())).data, []);
}
