import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused, until } from '../support/expect.mjs';

const html = '<p>Hello {{{contact.first_name|there}}}</p><a href="{{{RESEND_UNSUBSCRIBE_URL}}}">Unsubscribe</a>';
const none = { audience: 0, waiting: 0, sent: 0, failed: 0, suppressed: 0, skipped: 0 };

async function drafts(resend, segmentId, topicId) {
  const { id } = await exactly(resend.broadcasts.create({
    name: 'News', segmentId, topicId, from: 'Goat <hello@sender.example>', subject: 'For {{{FIRST_NAME|you}}}', replyTo: ['reply@sender.example'],
    previewText: 'All of it', html, text: 'Hello. {{{RESEND_UNSUBSCRIBE_URL}}}',
  }), { object: 'broadcast', id: UUID });
  await ok(resend.broadcasts.get(id), {
    object: 'broadcast', id, name: 'News', segment_id: segmentId, audience_id: segmentId, topic_id: topicId, from: 'Goat <hello@sender.example>',
    subject: 'For {{{FIRST_NAME|you}}}', reply_to: ['reply@sender.example'], preview_text: 'All of it', html, text: 'Hello. {{{RESEND_UNSUBSCRIBE_URL}}}',
    status: 'draft', paused: false, counts: none, created_at: TIME, updated_at: TIME, scheduled_at: null, sent_at: null,
  });
  await exactly(resend.broadcasts.update(id, { name: 'Other news', subject: 'Changed', topicId: null }), { object: 'broadcast', id });
  await ok(resend.broadcasts.get(id), { name: 'Other news', subject: 'Changed', topic_id: null, preview_text: 'All of it', html });
  const copy = await exactly(resend.broadcasts.duplicate(id), { object: 'broadcast', id: UUID });
  await ok(resend.broadcasts.get(copy.id), { name: 'Other news (copy)', status: 'draft', segment_id: segmentId, subject: 'Changed', html });
  // An audience is the same segment under its older name.
  const older = await ok(resend.broadcasts.create({ audienceId: segmentId, from: 'hello@sender.example', subject: 'x', text: 'x' }), { id: UUID });
  await ok(resend.broadcasts.get(older.id), { name: 'Untitled', segment_id: segmentId, reply_to: [], preview_text: null, html: null, text: 'x' });
  const list = await ok(resend.broadcasts.list(), { object: 'list', has_more: false });
  matches(list.data, [
    { id: older.id, name: 'Untitled', status: 'draft' },
    { id: copy.id, name: 'Other news (copy)', segment_id: segmentId, audience_id: segmentId, topic_id: null, created_at: TIME, sent_at: null },
    { id, name: 'Other news' }]);
  await pages((options) => resend.broadcasts.list(options.limit === 0 ? { limit: 101 } : options), list.data.map((item) => item.id));
  return [id, copy.id, older.id];
}

async function refusals(resend, segmentId, [whole, , withoutLink]) {
  const create = (more) => resend.broadcasts.create({ segmentId, from: 'hello@sender.example', subject: 'x', html, ...more });
  await refused(create({ segmentId: undefined }), 422, 'missing_required_field', /^Missing `segment_id` field\.$/);
  await refused(create({ from: undefined }), 422, 'missing_required_field', /^Missing `from` field\.$/);
  await refused(create({ subject: undefined }), 422, 'missing_required_field', /^Missing `subject` field\.$/);
  await refused(create({ html: undefined }), 422, 'validation_error', /^Missing `html` or `text` field\.$/);
  await refused(create({ segmentId: UNKNOWN }), 404, 'not_found', /^Audience not found$/);
  await refused(create({ topicId: UNKNOWN }), 404, 'not_found', /^Topic not found$/);
  await refused(create({ scheduledAt: 'in 1 hour' }), 422, 'validation_error', /together with `send`/);
  await refused(create({ send: true, from: 'a@stranger.example' }), 403, 'validation_error', /stranger\.example domain is not verified/);
  await refused(create({ send: true, html: '<p>x</p>' }), 422, 'validation_error', /no way to unsubscribe/);
  await refused(resend.broadcasts.send(withoutLink), 422, 'validation_error', /no way to unsubscribe/);
  await refused(resend.broadcasts.send(whole, { scheduledAt: 'some day' }), 422, 'validation_error', /scheduled_at/);
  await refused(resend.broadcasts.cancel(whole), 422, 'validation_error', /it is a draft/);
  await ok(resend.broadcasts.get(whole), { status: 'draft' });
}

async function sending(resend, segmentId, [whole, copy]) {
  await ok(resend.broadcasts.send(whole, { scheduledAt: 'in 1 hour' }), { id: whole });
  await ok(resend.broadcasts.get(whole), { status: 'scheduled', scheduled_at: TIME, sent_at: null });
  await refused(resend.broadcasts.update(whole, { subject: 'x' }), 422, 'validation_error', /it is scheduled/);
  await refused(resend.broadcasts.send(whole), 422, 'validation_error', /it is scheduled/);
  await exactly(resend.broadcasts.cancel(whole), { object: 'broadcast', id: whole });
  await ok(resend.broadcasts.get(whole), { status: 'draft', scheduled_at: null });

  await ok(resend.broadcasts.send(copy), { id: copy });
  const going = await ok(resend.broadcasts.get(copy), { status: /^(queued|sent)$/ });
  const { audience, ...parts } = going.counts;
  assert.equal(Object.values(parts).reduce((sum, n) => sum + n), audience);
  await refused(resend.broadcasts.send(copy), 422, 'validation_error', /^The broadcast cannot be sent: it (is being|was) sent\.$/);
  await refused(resend.broadcasts.remove(copy), 422, 'validation_error', /^The broadcast cannot be deleted/);
  const made = await ok(resend.broadcasts.create({
    segmentId, from: 'hello@sender.example', subject: 'Later', html, send: true, scheduledAt: 'tomorrow at 9am',
  }), { id: UUID });
  await ok(resend.broadcasts.get(made.id), { status: 'scheduled', scheduled_at: / 09:00:00\+00$/ });
  return made.id;
}

// Everybody is accounted for, and who wants the mail gets one of his own.
async function delivery(resend, segmentId) {
  const contact = (name, more) => ok(resend.contacts.create({ email: `${name}@inbox.example`, segments: [{ id: segmentId }], ...more }), { id: UUID });
  const contacts = [await contact('reader-ada', { firstName: '<Ada>' }), await contact('reader-eve'), await contact('reader-bob', { unsubscribed: true })];
  const { id } = await ok(resend.broadcasts.create({
    segmentId, from: 'Goat <hello@sender.example>', subject: 'For {{{contact.first_name|you}}}', html, send: true,
  }), { id: UUID });
  await until('sent', async () => (await ok(resend.broadcasts.get(id))).status === 'sent');
  await ok(resend.broadcasts.get(id), {
    sent_at: TIME, reason: null, counts: { audience: 3, waiting: 0, sent: 2, failed: 0, suppressed: 0, skipped: 1 },
  });
  const { data: mails } = await ok(resend.emails.list({ limit: 2 }));
  matches(mails.map(({ to, subject }) => ({ to, subject })).sort((a, b) => (a.to[0] < b.to[0] ? -1 : 1)), [
    { to: ['reader-ada@inbox.example'], subject: 'For <Ada>' }, { to: ['reader-eve@inbox.example'], subject: 'For you' }]);
  for (const mail of mails) {
    await until('delivered', async () => (await ok(resend.emails.get(mail.id))).last_event === 'delivered');
    const name = mail.to[0].startsWith('reader-ada') ? '&lt;Ada&gt;' : 'there';
    await ok(resend.emails.get(mail.id), { html: (text) => text.startsWith(`<p>Hello ${name}</p><a href="http`) && !text.includes('{{{') });
  }
  const recipients = (type, more) => ok(resend.broadcasts.recipients(id, { type, ...more }), { object: 'list', has_more: false });
  await until('all are known to be delivered', async () => (await recipients('delivered')).data.length === 2);
  const { data: delivered } = await recipients('delivered');
  matches(delivered.map(({ contact_id, email }) => ({ contact_id, email })).sort((a, b) => (a.email < b.email ? -1 : 1)), [
    { contact_id: contacts[0].id, email: 'reader-ada@inbox.example' }, { contact_id: contacts[1].id, email: 'reader-eve@inbox.example' }]);
  assert.equal((await recipients('sent', { email: 'reader-eve@inbox.example' })).data.length, 1);
  assert.deepEqual((await recipients('bounced', { bounceType: 'permanent' })).data, []);
  await ok(resend.broadcasts.clickedLinks(id), { object: 'list', has_more: false, data: [] });
  await refused(resend.broadcasts.recipients(UNKNOWN, { type: 'sent' }), 404, 'not_found', /^Broadcast not found$/);
  await refused(resend.broadcasts.cancel(id), 422, 'validation_error', /it was sent/);
  for (const { id: contactId } of contacts) await ok(resend.contacts.remove({ id: contactId }));
}

export default async function broadcasts({ resend }) {
  const segment = await ok(resend.segments.create({ name: 'Readers' }));
  const topic = await ok(resend.topics.create({ name: 'Reading', defaultSubscription: 'opt_in' }));
  const ids = await drafts(resend, segment.id, topic.id);
  await refusals(resend, segment.id, ids);
  const later = await sending(resend, segment.id, ids);
  await delivery(resend, segment.id);
  for (const id of [later, ids[0], ids[2]]) {
    await exactly(resend.broadcasts.remove(id), { object: 'broadcast', id, deleted: true });
  }
  for (const gone of [later, UNKNOWN]) {
    for (const call of ['get', 'send', 'cancel', 'duplicate', 'remove']) {
      await refused(resend.broadcasts[call](gone), 404, 'not_found', /^Broadcast not found$/);
    }
    await refused(resend.broadcasts.update(gone, { name: 'x' }), 404, 'not_found', /^Broadcast not found$/);
  }
  await ok(resend.topics.remove(topic.id));
  await ok(resend.segments.remove(segment.id));
}
