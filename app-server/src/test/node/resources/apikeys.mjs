import assert from 'node:assert/strict';
import { Resend } from 'resend';
import { TIME, UNKNOWN, UUID, exactly, mail, matches, ok, pages, refused } from '../support/expect.mjs';

export default async function apiKeys({ resend }) {
  const domain = (await ok(resend.domains.list())).data.find((item) => item.name === 'sender.example');
  const made = await ok(resend.apiKeys.create({ name: 'of node', permission: 'sending_access', domain_id: domain.id }), {
    id: UUID, token: /^re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}$/,
  });
  const restricted = new Resend(made.token);
  await ok(restricted.emails.send(mail('restricted')));
  await refused(restricted.domains.list(), 401, 'restricted_api_key', /restricted/);
  await exactly(resend.apiKeys.update(made.id, { name: 'renamed' }), { object: 'api_key', id: made.id });
  const full = await ok(resend.apiKeys.create({ name: 'full' }), { id: UUID, token: /^re_/ });
  await ok(new Resend(full.token).domains.list());

  const list = await ok(resend.apiKeys.list(), { object: 'list', has_more: false });
  matches(list.data.slice(0, 2), [{ id: full.id, name: 'full' }, { id: made.id, name: 'renamed', created_at: TIME }]);
  list.data.forEach((key) => assert.ok(!('token' in key)));
  matches(list.data.at(-1).last_used_at, TIME, 'last_used_at of the key in use');
  await pages((options) => resend.apiKeys.list(options), list.data.map((key) => key.id));

  const removed = await ok(resend.apiKeys.remove(made.id));
  matches(removed, { object: 'api_key', id: made.id, deleted: true });
  await ok(resend.apiKeys.remove(full.id));
  await refused(restricted.emails.send(mail('too late')), 401, 'validation_error', /^API key is invalid$/);
  await refused(resend.apiKeys.remove(made.id), 404, 'not_found', /^API key not found$/);
  await refused(resend.apiKeys.update(UNKNOWN, { name: 'x' }), 404, 'not_found', /^API key not found$/);
}
