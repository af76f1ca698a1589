import assert from 'node:assert/strict';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { ISO, TIME, UNKNOWN, UUID, exactly, mail, matches, ok, pages, refused, until } from '../support/expect.mjs';
import { hook } from '../support/hook.mjs';

// Three verifiers of other hands accept a call as it came, and none of them a changed one.
export function verified(resend, { headers, body }, secret) {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) => headers[`svix-${name}`]);
  const named = { id, timestamp, signature };
  const standard = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const checks = [
    (payload) => resend.webhooks.verify({ payload, headers: named, webhookSecret: secret }),
    (payload) => new SvixWebhook(secret).verify(payload, headers),
    (payload) => new StandardWebhook(secret).verify(payload, standard),
  ];
  for (const check of checks) {
    // Most verifiers read the JSON; whoever does not gives nothing back.
    assert.deepEqual(check(body) ?? JSON.parse(body), JSON.parse(body));
    assert.throws(() => check(body.replace('"type"', '"Type"')), /signature/i);
  }
  return JSON.parse(body);
}

async function made(resend, endpoint, webhook) {
  const { id } = webhook;
  await ok(resend.webhooks.get(id), {
    object: 'webhook', id, endpoint, status: 'enabled', created_at: TIME, signing_secret: webhook.signing_secret,
    events: ['email.sent', 'email.delivered', 'topic.created'],
  });
  const others = [];
  for (const name of ['one', 'two']) {
    others.unshift(await ok(resend.webhooks.create({ endpoint: `https://hooks.example.org/${name}`, events: ['email.opened'] })));
  }
  const list = await ok(resend.webhooks.list(), { object: 'list', has_more: false });
  matches(list.data, [
    { id: others[0].id, endpoint: 'https://hooks.example.org/two', events: ['email.opened'], status: 'enabled', created_at: TIME },
    { id: others[1].id }, { id, endpoint }]);
  list.data.forEach((item) => assert.ok(!('signing_secret' in item)));
  await pages((options) => resend.webhooks.list(options), list.data.map((item) => item.id));
  await exactly(resend.webhooks.update(others[0].id, { status: 'disabled', events: ['email.delivered'], endpoint: 'https://hooks.example.org/3' }),
    { object: 'webhook', id: others[0].id });
  await ok(resend.webhooks.get(others[0].id), { status: 'disabled', events: ['email.delivered'], endpoint: 'https://hooks.example.org/3' });
  for (const other of others) {
    await exactly(resend.webhooks.remove(other.id), { object: 'webhook', id: other.id, deleted: true });
  }
  await refused(resend.webhooks.get(others[0].id), 404, 'not_found', /^Webhook not found$/);
  await refused(resend.webhooks.create({ endpoint, events: ['email.yodelled'] }), 422, 'validation_error', /events/);
  await refused(resend.webhooks.create({ endpoint: 'ftp://x.example', events: ['email.sent'] }), 422, 'validation_error', /endpoint/);
  await refused(resend.webhooks.update(UNKNOWN, { status: 'enabled' }), 404, 'not_found', /^Webhook not found$/);
  await refused(resend.webhooks.remove(UNKNOWN), 404, 'not_found', /^Webhook not found$/);
}

async function events(resend, receiver, webhookId, sent, email) {
  const all = resend.webhooks.events;
  const done = async () => (await ok(all.list({ webhookId }))).data;
  await until('all succeeded', async () => (await done()).every((event) => event.status === 'success'));
  const list = await ok(all.list({ webhookId }), { object: 'list', has_more: false });
  assert.ok(list.data.length >= 3);
  list.data.forEach((event) => matches(event, { id: /^msg_/, type: /^(email|topic)\./, created_at: TIME, status: 'success' }));
  const eventId = sent.headers['svix-id'];
  matches(list.data.find((event) => event.id === eventId), { type: 'email.sent' });
  await ok(all.list({ webhookId, limit: 1 }), { has_more: true, data: [{ id: list.data[0].id }] });
  await ok(all.list({ webhookId, limit: 1, after: list.data[0].id }), { data: [{ id: list.data[1].id }] });
  const one = await ok(all.get({ webhookId, eventId }), {
    object: 'webhook_event', id: eventId, type: 'email.sent', status: 'success', created_at: TIME, next_attempt_at: null,
  });
  assert.deepEqual(one.payload, JSON.parse(sent.body), 'the payload as it was sent');
  matches(one.payload, { type: 'email.sent', created_at: ISO, data: { email_id: email, subject: 'told' } });
  await ok(all.attempts.list({ webhookId, eventId }), {
    object: 'list', has_more: false, data: [{ id: UUID, http_status_code: 200, response: 'thanks', sent_at: TIME }],
  });

  // Refused once, replayed, and then in order: two attempts, the newest first.
  const before = receiver.calls.length;
  receiver.answer(500);
  await exactly(all.replay({ webhookId, eventId }), { object: 'webhook_event', id: eventId });
  const again = await receiver.arrived('replayed', (body) => body.data.email_id === email && body.type === 'email.sent', before);
  assert.equal(again.headers['svix-id'], eventId, 'the id stays');
  assert.equal(again.body, sent.body);
  receiver.answer(200);
  await until('another attempt', async () => (await ok(all.attempts.list({ webhookId, eventId }))).data.length >= 2);
  const attempts = await ok(all.attempts.list({ webhookId, eventId }));
  assert.equal(attempts.data.at(-1).http_status_code, 200);
  assert.ok(attempts.data.some((attempt) => attempt.http_status_code === 500));
  await ok(all.attempts.list({ webhookId, eventId, limit: 1, after: attempts.data[0].id }), { data: [{ id: attempts.data[1].id }] });
  for (const method of [all.get, all.replay, all.attempts.list]) {
    await refused(method({ webhookId, eventId: 'msg_unknown' }), 404, 'not_found', /^Webhook event not found$/);
    await refused(method({ webhookId: UNKNOWN, eventId }), 404, 'not_found', /not found$/);
  }
  await refused(all.list({ webhookId: UNKNOWN }), 404, 'not_found', /^Webhook not found$/);
}

async function rotated(resend, receiver, webhook) {
  const after = await exactly(resend.webhooks.rotateSigningSecret(webhook.id), { object: 'webhook', id: webhook.id, signing_secret: /^whsec_/ });
  assert.notEqual(after.signing_secret, webhook.signing_secret);
  await ok(resend.webhooks.get(webhook.id), { signing_secret: after.signing_secret });
  const topic = await ok(resend.topics.create({ name: 'After the change', defaultSubscription: 'opt_in' }));
  const call = await receiver.arrived('signed anew', ({ data }) => data.id === topic.id);
  await ok(resend.topics.remove(topic.id));
  verified(resend, call, after.signing_secret);
  verified(resend, call, webhook.signing_secret); // For a while both hold: receivers change at their own pace.
  await refused(resend.webhooks.rotateSigningSecret(UNKNOWN), 404, 'not_found', /^Webhook not found$/);
}

export default async function webhooks({ resend }) {
  const receiver = await hook();
  try {
    const webhook = await exactly(
      resend.webhooks.create({ endpoint: receiver.url, events: ['email.sent', 'email.delivered', 'topic.created'] }),
      { object: 'webhook', id: UUID, signing_secret: /^whsec_[A-Za-z0-9+/]{32,}=*$/ });
    await made(resend, receiver.url, webhook);

    const topic = await ok(resend.topics.create({ name: 'Told 🐐', description: 'x', defaultSubscription: 'opt_out' }));
    const created = await receiver.arrived('topic.created', ({ type }) => type === 'topic.created');
    matches(verified(resend, created, webhook.signing_secret), {
      type: 'topic.created', created_at: ISO,
      data: { id: topic.id, name: 'Told 🐐', description: 'x', default_subscription: 'opt_out', deleted: false },
    });
    await ok(resend.topics.remove(topic.id));

    const { id } = await ok(resend.emails.send(mail('told', { tags: [{ name: 'kind', value: 'hook' }] })));
    const sent = await receiver.arrived('email.sent', ({ type, data }) => type === 'email.sent' && data.email_id === id);
    const delivered = await receiver.arrived('email.delivered', ({ type, data }) => type === 'email.delivered' && data.email_id === id);
    for (const call of [sent, delivered]) {
      matches(verified(resend, call, webhook.signing_secret), {
        created_at: ISO,
        data: { email_id: id, created_at: ISO, from: 'Goat <hello@sender.example>', to: ['someone@inbox.example'], subject: 'told', tags: { kind: 'hook' } },
      });
    }
    assert.match(sent.headers['content-type'], /^application\/json/);
    assert.ok(Math.abs(Number(sent.headers['svix-timestamp']) - Date.now() / 1000) < 60);

    await events(resend, receiver, webhook.id, sent, id);
    await rotated(resend, receiver, webhook);
    await exactly(resend.webhooks.remove(webhook.id), { object: 'webhook', id: webhook.id, deleted: true });
  } finally {
    receiver.close();
  }
}
