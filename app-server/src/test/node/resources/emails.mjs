import assert from 'node:assert/strict';
import { ISO, TIME, UNKNOWN, UUID, exactly, mail, matches, ok, pages, refused, until } from '../support/expect.mjs';

const everything = (fileUrl) => ({
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
});

async function sendEverything({ resend, fileUrl }) {
  const payload = everything(fileUrl);
  const { id } = await exactly(resend.emails.send(payload, { idempotencyKey: 'node/1' }), { id: UUID });
  await exactly(resend.emails.send(payload, { idempotencyKey: 'node/1' }), { id });
  await refused(
    resend.emails.send({ ...payload, subject: 'other' }, { idempotencyKey: 'node/1' }),
    409, 'invalid_idempotent_request', /idempotency key/);
  await until('delivered', async () => (await ok(resend.emails.get(id))).last_event === 'delivered');
  const got = await ok(resend.emails.get(id), {
    object: 'email', id, from: payload.from, to: payload.to, cc: ['copy@inbox.example'], bcc: payload.bcc,
    reply_to: payload.replyTo, subject: payload.subject, html: payload.html, text: payload.text, tags: payload.tags,
    last_event: 'delivered', scheduled_at: null, topic_id: null, created_at: TIME,
  });
  assert.ok(got.message_id.includes(id), got.message_id);
  return id;
}

async function attachments(resend, emailId) {
  const { attachments: all } = resend.emails;
  const list = await ok(all.list({ emailId }), {
    object: 'list', has_more: false,
    data: [
      { filename: 'octets.bin', size: 4, content_disposition: 'attachment', content_id: null },
      { filename: 'text.txt', size: 11, content_type: /^text\/plain/, content_disposition: 'attachment', content_id: null },
      { filename: 'fetched.txt', size: 12, content_type: /^text\/plain/, content_disposition: 'attachment', content_id: null },
      { filename: 'logo.png', size: 15, content_type: 'image/png', content_disposition: 'inline', content_id: 'logo' },
    ],
  });
  const contents = [Buffer.from([0, 1, 254, 255]), 'Base64 goat', 'Fetched goat', 'no real picture'];
  for (const [i, item] of list.data.entries()) {
    matches(item, { id: UUID, download_url: /^https?:/, expires_at: ISO });
    const { download_url: _, expires_at: __, ...rest } = item;
    const one = await ok(all.get({ emailId, id: item.id }), { object: 'attachment', ...rest, expires_at: ISO });
    const file = await fetch(one.download_url); // Without a key: the address itself is the right to read.
    assert.equal(file.status, 200);
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.from(contents[i]));
  }
  await pages((options) => all.list({ emailId, ...options }), list.data.map((item) => item.id));
  await refused(all.get({ emailId, id: UNKNOWN }), 404, 'not_found', /not found/);
  await refused(all.list({ emailId: UNKNOWN }), 404, 'not_found', /not found/);
}

async function schedule(resend) {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { id } = await ok(resend.emails.send(mail('later', { scheduledAt: at })));
  const waiting = await ok(resend.emails.get(id), { last_event: 'scheduled', scheduled_at: TIME });
  const instant = (text) => new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z'));
  assert.equal(instant(waiting.scheduled_at).toISOString(), at);
  await exactly(resend.emails.update({ id, scheduledAt: 'in 2 hours' }), { object: 'email', id });
  const moved = await ok(resend.emails.get(id));
  assert.ok(Math.abs(instant(moved.scheduled_at) - Date.now() - 7_200_000) < 60_000, moved.scheduled_at);
  await exactly(resend.emails.cancel(id), { object: 'email', id });
  await ok(resend.emails.get(id), { last_event: 'canceled' });
  await refused(resend.emails.cancel(id), 422, 'validation_error', /canceled/);
  await refused(resend.emails.update({ id, scheduledAt: 'in 3 hours' }), 422, 'validation_error', /canceled|scheduled/);
  return id;
}

async function share(resend, id) {
  const shared = await ok(resend.emails.share(id), { object: 'email', id, url: /^https?:/ });
  const page = await fetch(shared.url);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type'), /html/);
  assert.ok((await page.text()).includes('Everything at once'));
  const brief = await ok(resend.emails.share(id, { expiresIn: '10m' }), { object: 'email', id, url: /^https?:/ });
  assert.notEqual(brief.url, shared.url);
  await refused(resend.emails.share(id, { expiresIn: '3 days' }), 422, 'validation_error', /expires_in/);
  await refused(resend.emails.share(UNKNOWN), 404, 'not_found', /not found/);
}

export default async function emails(context) {
  const { resend, left } = context;
  left.full = await sendEverything(context);
  await attachments(resend, left.full);
  await share(resend, left.full);
  await exactly(resend.emails.create(mail('created')), { id: UUID });
  await refused(resend.emails.send(mail('no recipient', { to: [] })), 422, 'missing_required_field', /`to`/);
  await refused(resend.emails.send(mail('x', { from: 'a@elsewhere.example' })), 403, 'validation_error', /not verified/);
  await refused(resend.emails.send(mail('x', { attachments: [{ filename: 'empty.txt' }] })),
    422, 'invalid_attachment', /`content` or `path`/);
  const canceled = await schedule(resend);
  await refused(resend.emails.get(UNKNOWN), 404, 'not_found', /^Email not found$/);

  const all = await ok(resend.emails.list(), { object: 'list', has_more: false });
  assert.equal(all.data.length, 3);
  matches(all.data[0], { id: canceled, to: ['someone@inbox.example'], last_event: 'canceled', subject: 'later', created_at: TIME });
  matches(all.data[2], {
    id: left.full, cc: ['copy@inbox.example'], bcc: ['hidden@inbox.example'],
    reply_to: ['reply@sender.example', 'Two <two@sender.example>'], last_event: 'delivered', scheduled_at: null,
  });
  for (const item of all.data) ['html', 'text'].forEach((field) => assert.ok(!(field in item), `${field} in the list`));
  await pages((options) => resend.emails.list(options), all.data.map((item) => item.id));
}
