// Drives every method of Resend's Node client that the service has a route for, and asserts what
// the client makes of the answers. Reads RESEND_API_KEY and RESEND_BASE_URL, as the client does.
// The last line of its output is a summary in JSON.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { Resend } from 'resend';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;
const resend = new Resend();
const calls = { emails: new Set(), domains: new Set(), apiKeys: new Set(), webhooks: new Set() };

// The data of a success; names the method in what is thrown and in the summary.
async function ok(group, method, answer) {
  const { data, error, headers } = await answer;
  assert.equal(error, null, `${group}.${method}: ${JSON.stringify(error)}`);
  assert.ok(data, `${group}.${method}`);
  assert.ok(headers['x-request-id'], `${group}.${method} has no x-request-id`);
  calls[group].add(method);
  return data;
}

async function refused(answer, statusCode, name, message) {
  const { data, error } = await answer;
  assert.equal(data, null);
  assert.equal(error.name, name, JSON.stringify(error));
  assert.equal(error.statusCode, statusCode);
  assert.match(error.message, message);
}

async function until(what, condition) {
  const end = Date.now() + 30_000;
  for (;;) {
    const result = await condition();
    if (result) return result;
    assert.ok(Date.now() < end, `not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const mail = (subject, more = {}) => ({
  from: 'Goat <hello@sender.example>',
  to: 'someone@inbox.example',
  subject,
  text: `This is ${subject}.`,
  ...more,
});

async function sendWithEverything(fileUrl) {
  const payload = {
    from: 'Grüße <hello@sender.example>',
    to: ['Ödön <someone@inbox.example>', 'other@inbox.example'],
    cc: 'copy@inbox.example',
    bcc: ['hidden@inbox.example'],
    replyTo: ['reply@sender.example', 'Two <two@sender.example>'],
    subject: 'Everything at once 🐐',
    html: '<p>See <img src="cid:logo"></p>',
    text: 'See the picture.',
    headers: { 'X-Entity-Ref-ID': '42' },
    tags: [{ name: 'kind', value: 'welcome' }, { name: 'run', value: 'node-1' }],
    attachments: [
      { filename: 'octets.bin', content: Buffer.from([0, 1, 254, 255]) },
      { filename: 'text.txt', content: Buffer.from('Base64 goat').toString('base64') },
      { filename: 'fetched.txt', path: fileUrl },
      { filename: 'logo.png', content: Buffer.from('no real picture'), contentType: 'image/png', contentId: 'logo' },
    ],
  };
  const { id } = await ok('emails', 'send', resend.emails.send(payload, { idempotencyKey: 'node/1' }));
  assert.match(id, UUID);
  const again = await ok('emails', 'send', resend.emails.send(payload, { idempotencyKey: 'node/1' }));
  assert.deepEqual(again, { id }, 'the same idempotency key is the same mail');
  await refused(
    resend.emails.send({ ...payload, subject: 'other' }, { idempotencyKey: 'node/1' }),
    409, 'invalid_idempotent_request', /idempotency key/);

  const got = await until('delivered', async () => {
    const email = await ok('emails', 'get', resend.emails.get(id));
    return email.last_event === 'delivered' && email;
  });
  assert.equal(got.object, 'email');
  assert.equal(got.id, id);
  assert.deepEqual(got.to, payload.to);
  assert.deepEqual(got.cc, ['copy@inbox.example']);
  assert.deepEqual(got.bcc, ['hidden@inbox.example']);
  assert.deepEqual(got.reply_to, payload.replyTo);
  assert.equal(got.from, payload.from);
  assert.equal(got.subject, payload.subject);
  assert.equal(got.html, payload.html);
  assert.equal(got.text, payload.text);
  assert.deepEqual(got.tags, payload.tags);
  assert.equal(got.scheduled_at, null);
  assert.match(got.created_at, TIME);
  assert.ok(got.message_id.includes(id), got.message_id);
  return id;
}

async function emails(fileUrl) {
  const full = await sendWithEverything(fileUrl);
  const created = await ok('emails', 'create', resend.emails.create(mail('created')));
  assert.match(created.id, UUID);

  await refused(resend.emails.send(mail('no recipient', { to: [] })), 422, 'missing_required_field', /`to`/);
  await refused(resend.emails.send(mail('x', { from: 'a@elsewhere.example' })), 403, 'validation_error', /not verified/);
  await refused(
    resend.emails.send(mail('x', { attachments: [{ filename: 'empty.txt' }] })),
    422, 'invalid_attachment', /`content` or `path`/);

  // A batch: all or nothing, then what is right of it.
  const good = [mail('batch 1'), mail('batch 2', { tags: [{ name: 'a', value: 'b' }] })];
  const strict = await ok('emails', 'batch strict', resend.batch.send(good, { idempotencyKey: 'node/batch' }));
  assert.equal(strict.data.length, 2);
  strict.data.forEach((item) => assert.match(item.id, UUID));
  assert.ok(!('errors' in strict));
  const mixed = [mail('batch 3'), mail('batch 4', { to: 'nobody' })];
  await refused(resend.batch.send(mixed), 422, 'validation_error', /`to`/);
  const permissive = await ok('emails', 'batch permissive',
    resend.batch.create(mixed, { batchValidation: 'permissive' }));
  assert.equal(permissive.data.length, 1);
  assert.equal(permissive.errors.length, 1);
  assert.equal(permissive.errors[0].index, 1);
  assert.match(permissive.errors[0].message, /`to`/);

  // Scheduled, moved, canceled.
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { id } = await ok('emails', 'send scheduled', resend.emails.send(mail('later', { scheduledAt: at })));
  const waiting = await ok('emails', 'get', resend.emails.get(id));
  assert.equal(waiting.last_event, 'scheduled');
  assert.equal(new Date(waiting.scheduled_at.replace(' ', 'T').replace(/\+00$/, 'Z')).toISOString(), at);
  const moved = await ok('emails', 'update', resend.emails.update({ id, scheduledAt: 'in 2 hours' }));
  assert.deepEqual(moved, { object: 'email', id });
  const canceled = await ok('emails', 'cancel', resend.emails.cancel(id));
  assert.deepEqual(canceled, { object: 'email', id });
  assert.equal((await resend.emails.get(id)).data.last_event, 'canceled');
  await refused(resend.emails.cancel(id), 422, 'validation_error', /canceled/);
  await refused(resend.emails.get('00000000-0000-4000-8000-000000000000'), 404, 'not_found', /not found/);

  // Pages: everything once, from the newest to the oldest.
  const all = await ok('emails', 'list', resend.emails.list());
  assert.equal(all.object, 'list');
  assert.equal(all.has_more, false);
  assert.equal(all.data.length, 6);
  assert.equal(all.data[0].id, id);
  assert.equal(all.data.at(-1).id, full);
  assert.ok(Array.isArray(all.data[0].to));
  const seen = [];
  let page = await ok('emails', 'list pages', resend.emails.list({ limit: 4 }));
  seen.push(...page.data.map((e) => e.id));
  assert.equal(page.has_more, true);
  page = await ok('emails', 'list pages', resend.emails.list({ limit: 4, after: seen.at(-1) }));
  seen.push(...page.data.map((e) => e.id));
  assert.equal(page.has_more, false);
  assert.deepEqual(seen, all.data.map((e) => e.id));
  const before = await ok('emails', 'list pages', resend.emails.list({ limit: 2, before: seen[2] }));
  assert.deepEqual(before.data.map((e) => e.id), seen.slice(0, 2));
  return full;
}

async function domains() {
  const name = 'node.example.org';
  const made = await ok('domains', 'create', resend.domains.create({
    name, region: 'eu-west-1', customReturnPath: 'bounce', openTracking: false, clickTracking: false,
    tls: 'opportunistic', capabilities: { sending: 'enabled', receiving: 'disabled' },
  }));
  assert.match(made.id, UUID);
  assert.equal(made.name, name);
  assert.equal(made.status, 'not_started');
  assert.equal(made.region, 'eu-west-1');
  assert.deepEqual(made.capabilities, { sending: 'enabled', receiving: 'disabled' });
  assert.match(made.created_at, TIME);
  assert.ok(made.records.length >= 3);
  for (const record of made.records) {
    assert.ok(['SPF', 'DKIM'].includes(record.record), record.record);
    assert.ok(['MX', 'TXT', 'CNAME'].includes(record.type), record.type);
    assert.equal(record.ttl, 'Auto');
    assert.equal(record.status, 'not_started');
    assert.ok(record.name && record.value);
    assert.equal(record.type === 'MX', typeof record.priority === 'number');
  }
  await refused(resend.domains.create({ name }), 403, 'validation_error', /registered already/);

  const list = await ok('domains', 'list', resend.domains.list());
  assert.equal(list.object, 'list');
  assert.deepEqual(list.data.map((d) => d.name), [name, 'sender.example']);
  const got = await ok('domains', 'get', resend.domains.get(made.id));
  assert.equal(got.object, 'domain');
  assert.deepEqual(got.records, made.records);
  const changed = await ok('domains', 'update',
    resend.domains.update({ id: made.id, openTracking: true, clickTracking: true, tls: 'enforced' }));
  assert.deepEqual(changed, { object: 'domain', id: made.id });
  const after = await ok('domains', 'get', resend.domains.get(made.id));
  assert.equal(after.open_tracking, true);
  assert.equal(after.click_tracking, true);
  const verify = await ok('domains', 'verify', resend.domains.verify(made.id));
  assert.deepEqual(verify, { object: 'domain', id: made.id });
  assert.equal((await resend.domains.get(made.id)).data.status, 'pending');
  const removed = await ok('domains', 'remove', resend.domains.remove(made.id));
  assert.deepEqual(removed, { object: 'domain', id: made.id, deleted: true });
  await refused(resend.domains.get(made.id), 404, 'not_found', /Domain not found/);
}

async function apiKeys() {
  const domain = (await resend.domains.list()).data.data[0];
  const made = await ok('apiKeys', 'create',
    resend.apiKeys.create({ name: 'of node', permission: 'sending_access', domain_id: domain.id }));
  assert.match(made.id, UUID);
  assert.match(made.token, /^re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}$/);
  const restricted = new Resend(made.token);
  await refused(restricted.domains.list(), 401, 'restricted_api_key', /restricted/);
  const renamed = await ok('apiKeys', 'update', resend.apiKeys.update(made.id, { name: 'renamed' }));
  assert.deepEqual(renamed, { object: 'api_key', id: made.id });
  const list = await ok('apiKeys', 'list', resend.apiKeys.list());
  assert.equal(list.object, 'list');
  assert.equal(list.data[0].id, made.id);
  assert.equal(list.data[0].name, 'renamed');
  assert.match(list.data[0].created_at, TIME);
  assert.ok(!('token' in list.data[0]));
  const removed = await ok('apiKeys', 'remove', resend.apiKeys.remove(made.id));
  assert.equal(removed.deleted ?? true, true);
  await refused(restricted.emails.send(mail('too late')), 401, 'validation_error', /API key is invalid/);
  await refused(resend.apiKeys.remove(made.id), 404, 'not_found', /API key not found/);
}

async function webhooks() {
  const endpoint = 'https://hooks.example.org/mail';
  const first = await resend.webhooks.create({ endpoint, events: ['email.sent', 'email.bounced'] });
  if (first.error?.statusCode === 404) return; // This build does not serve them.
  const made = await ok('webhooks', 'create', Promise.resolve(first));
  assert.equal(made.object, 'webhook');
  assert.match(made.id, UUID);
  assert.match(made.signing_secret, /^whsec_/);
  const list = await ok('webhooks', 'list', resend.webhooks.list());
  assert.equal(list.data[0].id, made.id);
  assert.deepEqual(list.data[0].events, ['email.sent', 'email.bounced']);
  const got = await ok('webhooks', 'get', resend.webhooks.get(made.id));
  assert.equal(got.endpoint, endpoint);
  assert.equal(got.status, 'enabled');
  assert.equal(got.signing_secret, made.signing_secret);
  const changed = await ok('webhooks', 'update',
    resend.webhooks.update(made.id, { status: 'disabled', events: ['email.delivered'] }));
  assert.deepEqual(changed, { object: 'webhook', id: made.id });
  assert.equal((await resend.webhooks.get(made.id)).data.status, 'disabled');

  const payload = '{"type":"email.sent"}';
  const id = 'msg_1';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(made.signing_secret.slice('whsec_'.length), 'base64');
  const signature = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64')}`;
  const event = resend.webhooks.verify({ payload, headers: { id, timestamp, signature }, webhookSecret: made.signing_secret });
  assert.equal(event.type, 'email.sent');
  calls.webhooks.add('verify');
  const removed = await ok('webhooks', 'remove', resend.webhooks.remove(made.id));
  assert.deepEqual(removed, { object: 'webhook', id: made.id, deleted: true });
}

const files = createServer((_, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end('Fetched goat');
});
await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve));
try {
  const full = await emails(`http://127.0.0.1:${files.address().port}/fetched.txt`);
  await domains();
  await apiKeys();
  await webhooks();
  const counts = Object.fromEntries(Object.entries(calls).map(([group, methods]) => [group, methods.size]));
  console.log(JSON.stringify({ ...counts, full }));
} finally {
  files.close();
}
