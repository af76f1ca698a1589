import assert from 'node:assert/strict';
import { receive } from '../support/admin.mjs';
import { ISO, UNKNOWN, UUID, matches, ok, pages, refused, until } from '../support/expect.mjs';

const MESSAGE = [
  'From: Ada <ada@inbox.example>', 'To: in@sender.example', 'Cc: copy@inbox.example', 'Reply-To: answers@inbox.example',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Message-ID: <received-1@inbox.example>', 'Date: Sat, 21 Nov 2026 07:00:00 +0000',
  'X-Trace: first', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=outer', '',
  '--outer', 'Content-Type: multipart/related; boundary=inner', '',
  '--inner', 'Content-Type: multipart/alternative; boundary=text', '',
  '--text', 'Content-Type: text/plain; charset=utf-8', '', 'A goat.', '',
  '--text', 'Content-Type: text/html; charset=utf-8', '', '<p>A goat <img src="cid:pic@x"></p>', '', '--text--',
  '--inner', 'Content-Type: image/png; name=goat.png', 'Content-ID: <pic@x>', 'Content-Disposition: inline; filename=goat.png',
  'Content-Transfer-Encoding: base64', '', 'cGljdHVyZQ==', '', '--inner--',
  '--outer', 'Content-Type: text/plain; name="notes.txt"', 'Content-Disposition: attachment; filename="notes.txt"', '', 'Notes', '', '--outer--', '',
].join('\r\n');

async function attachments(resend, emailId, listed) {
  const all = resend.emails.receiving.attachments;
  const list = await ok(all.list({ emailId }), { object: 'list', has_more: false });
  assert.deepEqual(list.data.map((item) => item.id).sort(), listed.map((item) => item.id).sort());
  const picture = list.data.find((item) => item.filename === 'goat.png');
  const notes = list.data.find((item) => item.filename === 'notes.txt');
  matches(picture, { id: UUID, size: 7, content_type: 'image/png', content_disposition: 'inline', content_id: /pic@x/, download_url: /^http/, expires_at: ISO });
  matches(notes, { id: UUID, size: 7, content_type: /^text\/plain/, content_disposition: 'attachment', content_id: null });
  const one = await ok(all.get({ emailId, id: picture.id }), { object: 'attachment', id: picture.id, filename: 'goat.png', size: 7 });
  assert.equal(await (await fetch(one.download_url)).text(), 'picture');
  await refused(all.get({ emailId, id: UNKNOWN }), 404, 'not_found', /not found$/);
  await refused(all.list({ emailId: UNKNOWN }), 404, 'not_found', /not found$/);
}

async function forwarded(resend, emailId) {
  const settings = { emailId, to: 'someone@inbox.example', from: 'Goat <hello@sender.example>' };
  const plain = await ok(resend.emails.receiving.forward(settings), { id: UUID });
  const whole = await ok(resend.emails.receiving.forward({ ...settings, passthrough: false, text: 'See below.' }), { id: UUID });
  const got = await ok(resend.emails.get(plain.id), { subject: 'Grüße', to: ['someone@inbox.example'] });
  assert.match(got.text, /A goat\./);
  assert.match(got.html, /A goat/);
  const parts = await ok(resend.emails.attachments.list({ emailId: plain.id }));
  assert.deepEqual(parts.data.map((part) => part.filename).sort(), ['goat.png', 'notes.txt']);
  await ok(resend.emails.get(whole.id), { subject: 'Fwd: Grüße', text: 'See below.' });
  const [eml] = (await ok(resend.emails.attachments.list({ emailId: whole.id }), {
    data: [{ filename: 'forwarded_message.eml', content_type: 'message/rfc822' }],
  })).data;
  assert.ok((await (await fetch(eml.download_url)).text()).includes('<received-1@inbox.example>'));
  await refused(resend.emails.receiving.forward({ ...settings, emailId: UNKNOWN }), 404, 'not_found', /not found$/);
}

export default async function receiving({ resend }) {
  const all = resend.emails.receiving;
  for (const [to, message] of [
    ['in@sender.example', MESSAGE],
    ['two@sender.example', 'From: b@inbox.example\r\nTo: two@sender.example\r\nSubject: Two\r\n\r\nTwo\r\n'],
    ['three@sender.example', 'From: b@inbox.example\r\nTo: three@sender.example\r\n\r\nNo subject\r\n'],
  ]) await receive(resend, to, message);
  const list = await until('received', async () => {
    const now = await ok(all.list(), { object: 'list', has_more: false });
    return now.data.length === 3 && now;
  });
  const item = list.data[2];
  matches(item, {
    id: UUID, to: ['in@sender.example'], from: /ada@inbox\.example/, subject: 'Grüße', created_at: ISO, message_id: '<received-1@inbox.example>',
    cc: ['copy@inbox.example'], reply_to: ['answers@inbox.example'], received_for: ['in@sender.example'],
  });
  assert.equal(item.attachments.length, 2);
  ['html', 'text', 'headers', 'raw'].forEach((field) => assert.ok(!(field in item), field));
  await pages((options) => all.list(options), list.data.map((email) => email.id));

  const got = await ok(all.get(item.id), {
    object: 'email', id: item.id, subject: 'Grüße', text: /^A goat\.\s*$/, message_id: '<received-1@inbox.example>',
    headers: { 'x-trace': 'first' }, raw: { download_url: /^http/, expires_at: ISO },
  });
  assert.ok(got.html.includes('data:image/png;base64,cGljdHVyZQ=='), got.html);
  const cid = await ok(all.get(item.id, { html_format: 'cid' }));
  assert.ok(cid.html.includes('cid:pic@x'), cid.html);
  const raw = Buffer.from(await (await fetch(got.raw.download_url)).arrayBuffer()).toString();
  assert.ok(raw.endsWith(MESSAGE), 'the message as it came, perhaps with trace fields before it');
  await refused(all.get(UNKNOWN), 404, 'not_found', /not found$/);
  await attachments(resend, item.id, item.attachments);
  await forwarded(resend, item.id);
}
