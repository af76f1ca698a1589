import assert from 'node:assert/strict';
import { TIME, UUID, matches, until } from '../support/expect.mjs';

async function segments(cli) {
  const { id } = await cli.ok(['segments', 'create', '--name', 'Cli'], { object: 'segment', id: UUID, name: 'Cli' });
  await cli.ok(['segments', 'update', id, '--name', 'Command line'], { object: 'segment', id });
  await cli.ok(['segments', 'get', id], { object: 'segment', id, name: 'Command line', created_at: TIME });
  await cli.ok(['segments', 'list'], { object: 'list', has_more: false, data: [{ id, name: 'Command line' }] });
  return id;
}

async function topics(cli) {
  const { id } = await cli.ok(['topics', 'create', '--name', 'Cli', '--default-subscription', 'opt_out', '--description', 'x'], { id: UUID });
  await cli.ok(['topics', 'update', id, '--name', 'News'], { id });
  await cli.ok(['topics', 'get', id], { id, name: 'News', description: 'x', default_subscription: 'opt_out' });
  const list = await cli.ok(['topics', 'list']);
  matches(list.data, [{ id, name: 'News' }]);
  return id;
}

async function properties(cli) {
  const { id } = await cli.ok(['contact-properties', 'create', '--key', 'plan', '--type', 'string', '--fallback-value', 'free'], { object: 'contact_property', id: UUID });
  await cli.ok(['contact-properties', 'get', id], { id, key: 'plan', type: 'string', fallbackValue: 'free' });
  await cli.ok(['contact-properties', 'update', id, '--fallback-value', 'none'], { id });
  await cli.ok(['contact-properties', 'list'], { object: 'list', data: [{ id, fallbackValue: 'none' }] });
  await cli.ok(['contact-properties', 'update', id, '--clear-fallback-value'], { id });
  await cli.ok(['contact-properties', 'get', id], { fallbackValue: null });
  return id;
}

async function imports(cli, segment, topic) {
  const file = cli.file('people.csv', 'Mail,First\r\nada@inbox.example,Ada2\r\nnew@inbox.example,New\r\n');
  const { id } = await cli.ok(['contacts', 'imports', 'create', '--file', file, '--column-map', '{"email":"Mail","firstName":"First"}',
    '--segment-id', segment, '--topics', JSON.stringify([{ id: topic, subscription: 'opt_in' }])], { object: 'contact_import', id: UUID });
  const done = await until('imported', async () => {
    const now = await cli.ok(['contacts', 'imports', 'get', id]);
    return now.status === 'completed' && now;
  });
  matches(done, { object: 'contact_import', id, counts: { total: 2, created: 1, updated: 1, skipped: 0, failed: 0 } });
  await cli.ok(['contacts', 'imports', 'list', '--status', 'completed'], { object: 'list', data: [{ id, status: 'completed' }] });
}

export default async function contacts({ cli }) {
  const segment = await segments(cli);
  const topic = await topics(cli);
  const property = await properties(cli);
  const { id } = await cli.ok(['contacts', 'create', '--email', 'ada@inbox.example', '--first-name', 'Ada', '--last-name', 'L',
    '--properties', '{"plan":"paid"}', '--segment-id', segment], { object: 'contact', id: UUID });
  await cli.ok(['contacts', 'get', 'ada@inbox.example'], {
    object: 'contact', id, email: 'ada@inbox.example', first_name: 'Ada', last_name: 'L', unsubscribed: false,
    properties: { plan: { type: 'string', value: 'paid' } },
  });
  await cli.ok(['contacts', 'update', id, '--unsubscribed'], { object: 'contact', id });
  await cli.ok(['contacts', 'list'], { object: 'list', has_more: false, data: [{ id, unsubscribed: true }] });
  await cli.ok(['segments', 'contacts', segment], { object: 'list', data: [{ id, email: 'ada@inbox.example' }] });
  await cli.ok(['contacts', 'segments', id], { object: 'list', data: [{ id: segment, name: 'Command line' }] });
  await cli.ok(['contacts', 'remove-segment', id, segment], { id: segment, deleted: true });
  await cli.ok(['contacts', 'segments', id], { data: [] });
  await cli.ok(['contacts', 'add-segment', 'ada@inbox.example', '--segment-id', segment], { id: segment });
  await cli.ok(['contacts', 'update-topics', id, '--topics', JSON.stringify([{ id: topic, subscription: 'opt_in' }])], { id });
  await cli.ok(['contacts', 'topics', id], { data: [{ id: topic, name: 'News', subscription: 'opt_in' }] });
  await imports(cli, segment, topic);

  const all = await cli.ok(['contacts', 'list']);
  assert.equal(all.data.length, 2);
  for (const contact of all.data) await cli.ok(['contacts', 'delete', contact.id, '--yes'], { deleted: true });
  await cli.refused(['contacts', 'get', id], /Contact not found/);
  await cli.ok(['contact-properties', 'delete', property, '--yes'], { id: property, deleted: true });
  await cli.ok(['topics', 'delete', topic, '--yes'], { id: topic, deleted: true });
  await cli.ok(['segments', 'delete', segment, '--yes'], { id: segment, deleted: true });
}
