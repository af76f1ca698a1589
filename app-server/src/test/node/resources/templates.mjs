import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, mail, matches, ok, pages, refused, until } from '../support/expect.mjs';

const greeting = {
  name: 'Greeting', alias: 'greeting', from: 'Goat <hello@sender.example>', subject: 'Hello {{{NAME}}}',
  replyTo: ['reply@sender.example'], html: '<p>Hello {{{NAME}}}, you are {{{AGE}}}.</p>', text: 'Hello {{{NAME}}}, you are {{{AGE}}}.',
  variables: [{ key: 'NAME', type: 'string', fallbackValue: 'friend' }, { key: 'AGE', type: 'number' }],
};

async function versions(resend) {
  const { id } = await exactly(resend.templates.create(greeting), { object: 'template', id: UUID });
  const draft = await ok(resend.templates.get(id), {
    object: 'template', id, current_version_id: UUID, name: 'Greeting', alias: 'greeting', status: 'draft', published_at: null,
    created_at: TIME, updated_at: TIME, from: greeting.from, subject: greeting.subject, reply_to: ['reply@sender.example'],
    html: greeting.html, text: greeting.text, has_unpublished_versions: true,
    variables: [
      { key: 'NAME', type: 'string', fallback_value: 'friend', created_at: TIME, updated_at: TIME },
      { key: 'AGE', type: 'number', fallback_value: null }],
  });
  const send = (variables) => resend.emails.send({ to: 'someone@inbox.example', template: { id: 'greeting', variables } });
  await refused(send({ AGE: 7 }), 422, 'validation_error', /draft|published/);
  await exactly(resend.templates.publish('greeting'), { object: 'template', id });
  await ok(resend.templates.get('greeting'), { id, status: 'published', published_at: TIME, has_unpublished_versions: false });

  const first = await ok(send({ AGE: 7 }), { id: UUID });
  await ok(resend.emails.get(first.id), {
    from: greeting.from, subject: 'Hello friend', reply_to: ['reply@sender.example'],
    html: '<p>Hello friend, you are 7.</p>', text: 'Hello friend, you are 7.',
  });
  await refused(send({ NAME: 'Ada' }), 422, 'validation_error', /AGE/);

  // What is published goes on being sent until the change is published too.
  await exactly(resend.templates.update(id, { subject: 'Good day {{{NAME}}}', alias: 'greeting-2' }), { object: 'template', id });
  const changed = await ok(resend.templates.get('greeting-2'), { subject: 'Good day {{{NAME}}}', has_unpublished_versions: true });
  assert.notEqual(changed.current_version_id, draft.current_version_id);
  const old = await ok(resend.emails.send({ to: 'someone@inbox.example', template: { id, variables: { AGE: 8 } } }));
  await ok(resend.emails.get(old.id), { subject: 'Hello friend' });
  await ok(resend.templates.publish(id));
  const current = await ok(resend.emails.send({
    to: 'someone@inbox.example', from: 'Other <other@sender.example>', template: { id: 'greeting-2', variables: { AGE: 9, NAME: 'Ada' } },
  }));
  await ok(resend.emails.get(current.id), { subject: 'Good day Ada', from: 'Other <other@sender.example>', text: 'Hello Ada, you are 9.' });
  await until('delivered', async () => (await ok(resend.emails.get(current.id))).last_event === 'delivered');
  await refused(resend.emails.send(mail('x', { template: { id: 'greeting-2' } })), 422, 'validation_error', /template/);
  return id;
}

export default async function templates({ resend }) {
  const id = await versions(resend);
  const copy = await ok(resend.templates.duplicate(id), { object: 'template', id: UUID });
  assert.notEqual(copy.id, id);
  await ok(resend.templates.get(copy.id), { name: 'Greeting (Copy)', alias: null, status: 'draft', html: greeting.html });
  // The client's own chain: made and published at once.
  const chained = await ok(resend.templates.create({ name: 'Chained', html: '<p>x</p>' }).publish(), { object: 'template', id: UUID });
  await ok(resend.templates.get(chained.id), { status: 'published', text: null, subject: null, from: null, alias: null });
  const list = await ok(resend.templates.list(), { object: 'list', has_more: false });
  matches(list.data, [
    { id: chained.id, name: 'Chained', alias: null, status: 'published', published_at: TIME },
    { id: copy.id, name: 'Greeting (Copy)', status: 'draft', published_at: null },
    { id, name: 'Greeting', alias: 'greeting-2', status: 'published', published_at: TIME, created_at: TIME, updated_at: TIME }]);
  // This list drops a limit of 0 on the client's side.
  await pages((options) => resend.templates.list(options.limit === 0 ? { limit: 101 } : options), list.data.map((item) => item.id));

  await refused(resend.templates.create({ name: 'Twice', html: 'x', alias: 'greeting-2' }), 422, 'validation_error', /alias/);
  await refused(resend.templates.create({ html: 'x' }), 422, 'missing_required_field', /`name`/);
  for (const template of list.data) {
    await exactly(resend.templates.remove(template.alias ?? template.id), { object: 'template', id: template.id, deleted: true });
  }
  for (const gone of [id, 'greeting-2', UNKNOWN]) {
    await refused(resend.templates.get(gone), 404, 'not_found', /^Template not found$/);
    await refused(resend.templates.publish(gone), 404, 'not_found', /^Template not found$/);
    await refused(resend.templates.update(gone, { name: 'x' }), 404, 'not_found', /^Template not found$/);
    await refused(resend.templates.duplicate(gone), 404, 'not_found', /^Template not found$/);
    await refused(resend.templates.remove(gone), 404, 'not_found', /^Template not found$/);
  }
}
