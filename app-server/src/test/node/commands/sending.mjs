import assert from 'node:assert/strict';
import { receive } from '../support/admin.mjs';
import { ISO, TIME, UNKNOWN, UUID, matches, until } from '../support/expect.mjs';

const FROM = 'Goat <hello@sender.example>';
const TO = 'someone@inbox.example';

async function sent(cli) {
  const file = cli.file('goat.txt', 'A goat in a file');
  const { id } = await cli.ok(['emails', 'send', '--from', FROM, '--to', TO, 'other@inbox.example', '--cc', 'copy@inbox.example',
    '--reply-to', 'reply@sender.example', '--subject', 'From the command line 🐐', '--html', '<p>Hello</p>', '--text', 'Hello',
    '--tags', 'kind=cli', '--headers', 'X-Entity-Ref-ID=7', '--attachment', file, '--idempotency-key', 'cli/1'], { id: UUID });
  const got = await until('delivered', async () => {
    const email = await cli.ok(['emails', 'get', id]);
    return email.last_event === 'delivered' && email;
  });
  matches(got, {
    object: 'email', id, from: FROM, to: [TO, 'other@inbox.example'], cc: ['copy@inbox.example'], reply_to: ['reply@sender.example'],
    subject: 'From the command line 🐐', html: '<p>Hello</p>', text: 'Hello', created_at: TIME, scheduled_at: null,
    tags: [{ name: 'kind', value: 'cli' }],
  });
  const list = await cli.ok(['emails', 'attachments', id], { object: 'list', has_more: false, data: [{ id: UUID, filename: 'goat.txt', size: 16 }] });
  const attachment = await cli.ok(['emails', 'attachment', id, list.data[0].id], { object: 'attachment', filename: 'goat.txt', expires_at: ISO });
  assert.equal(await (await fetch(attachment.download_url)).text(), 'A goat in a file');
  await cli.ok(['emails', 'share', id, '--expires-in', '10m'], { object: 'email', id, url: /^http/ });
  return id;
}

async function scheduled(cli) {
  const { id } = await cli.ok(['emails', 'send', '--from', FROM, '--to', TO, '--subject', 'later', '--text', 'x', '--scheduled-at', 'in 1 hour'], { id: UUID });
  await cli.ok(['emails', 'get', id], { last_event: 'scheduled', scheduled_at: TIME });
  await cli.ok(['emails', 'update', id, '--scheduled-at', new Date(Date.now() + 7_200_000).toISOString()], { object: 'email', id });
  await cli.ok(['emails', 'cancel', id], { object: 'email', id });
  await cli.ok(['emails', 'get', id], { last_event: 'canceled' });
  await cli.refused(['emails', 'cancel', id], /canceled/);
}

async function received(cli, resend) {
  await receive(resend, 'in@sender.example', [
    'From: ada@inbox.example', 'To: in@sender.example', 'Subject: For the command line', 'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'A goat.', '',
    '--b', 'Content-Type: text/plain', 'Content-Disposition: attachment; filename="notes.txt"', '', 'Notes', '', '--b--', ''].join('\r\n'));
  const list = await cli.ok(['emails', 'receiving', 'list'], { object: 'list', has_more: false });
  const item = list.data.find((email) => email.subject === 'For the command line');
  assert.ok(item, JSON.stringify(list));
  await cli.ok(['emails', 'receiving', 'get', item.id], { object: 'email', id: item.id, text: /A goat/, raw: { download_url: /^http/ } });
  const files = await cli.ok(['emails', 'receiving', 'attachments', item.id], { object: 'list', data: [{ filename: 'notes.txt' }] });
  await cli.ok(['emails', 'receiving', 'attachment', item.id, files.data[0].id], { object: 'attachment', filename: 'notes.txt', download_url: /^http/ });
  const { id } = await cli.ok(['emails', 'receiving', 'forward', item.id, '--from', FROM, '--to', TO], { id: UUID });
  const { data } = await resend.emails.get(id);
  assert.equal(data.subject, 'For the command line');
}

export default async function sending({ cli, resend }) {
  const id = await sent(cli);
  await scheduled(cli);
  const batch = cli.file('batch.json', JSON.stringify([1, 2].map((n) => ({ from: FROM, to: [TO], subject: `batch ${n}`, text: 'x' }))));
  const answer = await cli.ok(['emails', 'batch', '--file', batch, '--idempotency-key', 'cli/batch']);
  assert.equal((answer.data ?? answer).length, 2, JSON.stringify(answer));
  const list = await cli.ok(['emails', 'list', '--limit', '2'], { object: 'list', has_more: true });
  assert.equal(list.data.length, 2);
  const more = await cli.ok(['emails', 'list', '--after', list.data[1].id, '--limit', '2']);
  assert.ok(more.data.some((email) => email.id === id));
  await cli.ok(['emails', 'metrics', '--email-id', id, '--metrics', 'sent,delivered', '--dimensions', 'period'], {
    object: 'metrics', metrics: ['sent', 'delivered'], dimensions: ['period'], granularity: 'daily',
  });
  await received(cli, resend);
  await cli.refused(['emails', 'get', UNKNOWN], /Email not found/);
  await cli.refused(['emails', 'send', '--from', 'a@elsewhere.example', '--to', TO, '--subject', 'x', '--text', 'x'], /not verified/);
}
