import assert from 'node:assert/strict';
import { grant } from '../support/admin.mjs';
import { ISO, TIME, UUID, matches, until } from '../support/expect.mjs';
import { hook } from '../support/hook.mjs';

async function apiKeys(cli) {
  const { id, token } = await cli.ok(['api-keys', 'create', '--name', 'cli', '--permission', 'full_access'], { id: UUID, token: /^re_/ });
  await cli.ok(['domains', 'list', '--api-key', token], { object: 'list' });
  await cli.ok(['api-keys', 'update', id, '--name', 'renamed'], { object: 'api_key', id });
  const list = await cli.ok(['api-keys', 'list', '--limit', '1'], { object: 'list', has_more: true });
  matches(list.data, [{ id, name: 'renamed', created_at: TIME }]);
  await cli.ok(['api-keys', 'delete', id, '--yes'], { id, deleted: true });
  await cli.refused(['domains', 'list', '--api-key', token], /API key is invalid/);
}

async function suppressions(cli) {
  const { id } = await cli.ok(['suppressions', 'add', 'never+1@inbox.example'], { object: 'suppression', id: UUID });
  await cli.ok(['suppressions', 'get', 'never+1@inbox.example'], { id, email: 'never+1@inbox.example', origin: 'manual', created_at: TIME });
  const file = cli.file('addresses.json', '["b1@inbox.example","b2@inbox.example"]');
  const added = await cli.ok(['suppressions', 'batch', 'add', '--file', file]);
  assert.equal(added.data.length, 2);
  await cli.ok(['suppressions', 'list', '--origin', 'manual', '--limit', '3'], { object: 'list', has_more: false });
  const removed = await cli.ok(['suppressions', 'batch', 'remove', '--file', file]);
  matches(removed.data, added.data.map((item) => ({ id: item.id, deleted: true })));
  await cli.ok(['suppressions', 'delete', id, '--yes'], { id, deleted: true });
  await cli.refused(['suppressions', 'get', id], /Suppression not found/);
}

async function webhooks(cli, resend) {
  const { id } = await cli.ok(['webhooks', 'create', '--endpoint', 'https://hooks.example.org/cli', '--events', 'all'], {
    object: 'webhook', id: UUID, signing_secret: /^whsec_/,
  });
  const full = await cli.ok(['webhooks', 'get', id], { object: 'webhook', id, status: 'enabled', endpoint: 'https://hooks.example.org/cli' });
  assert.ok(full.events.includes('email.suppressed'), JSON.stringify(full.events));
  await cli.ok(['webhooks', 'update', id, '--status', 'disabled', '--events', 'email.sent'], { object: 'webhook', id });
  await cli.ok(['webhooks', 'list'], { object: 'list', data: [{ id, status: 'disabled', events: ['email.sent'] }] });
  const after = await cli.ok(['webhooks', 'rotate-signing-secret', id], { id, signing_secret: /^whsec_/ });
  assert.notEqual(after.signing_secret, full.signing_secret);
  await cli.ok(['webhooks', 'delete', id, '--yes'], { id, deleted: true });

  const receiver = await hook();
  try {
    const made = (await resend.webhooks.create({ endpoint: receiver.url, events: ['suppression.added'] })).data;
    await resend.suppressions.add({ email: 'told@inbox.example' });
    const call = await receiver.arrived('suppression.added', ({ type }) => type === 'suppression.added');
    const event = call.headers['svix-id'];
    await until('settled', async () => (await cli.ok(['webhooks', 'events', 'list', made.id])).data.every((item) => item.status === 'success'));
    await cli.ok(['webhooks', 'events', 'get', made.id, event], { object: 'webhook_event', id: event, type: 'suppression.added', status: 'success', next_attempt_at: null });
    await cli.ok(['webhooks', 'events', 'attempts', made.id, event], { object: 'list', data: [{ http_status_code: 200, response: 'thanks' }] });
    await cli.ok(['webhooks', 'events', 'replay', made.id, event], { object: 'webhook_event', id: event });
    await receiver.arrived('replayed', () => true, 1);
    await resend.webhooks.remove(made.id);
    await resend.suppressions.remove('told@inbox.example');
  } finally {
    receiver.close();
  }
}

async function logs(cli) {
  const list = await until('logged', async () => {
    const now = await cli.ok(['logs', 'list', '--limit', '20'], { object: 'list' });
    return now.data.length > 0 && now;
  });
  const [first] = list.data;
  matches(first, { id: UUID, created_at: TIME, endpoint: /^\//, method: /^[A-Z]+$/, response_status: Number.isInteger, user_agent: /^resend-/ });
  await cli.ok(['logs', 'get', first.id], { object: 'log', ...first });
}

async function grants(cli) {
  await grant('Cli');
  const list = await cli.ok(['oauth-grants', 'list'], { object: 'list', has_more: false, data: [{ client_id: 'client-cli', client: { name: 'Cli' } }] });
  const { id } = list.data[0];
  await cli.ok(['oauth-grants', 'revoke', id, '--yes'], { object: 'oauth_grant', id, revoked_at: ISO });
}

export default async function rest({ cli, resend }) {
  await apiKeys(cli);
  await suppressions(cli);
  await webhooks(cli, resend);
  await logs(cli);
  await grants(cli);
  await cli.ok(['whoami'], { authenticated: true });
  const health = await cli.ok(['doctor'], { ok: true });
  matches(health.checks.find((check) => check.name === 'API Key'), { status: 'pass' });
  // It sends, and has yet to prove that it may receive, which another command has asked for.
  matches(health.checks.find((check) => check.name === 'Domains'), { status: 'warn', detail: 'sender.example (partially_verified)' });
}
