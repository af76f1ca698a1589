import assert from 'node:assert/strict';
import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused } from '../support/expect.mjs';

const RECORDS = { SPF: ['MX', 'TXT'], DKIM: ['TXT'], Receiving: ['MX'], Tracking: ['CNAME'], TrackingCAA: ['CAA'] };

export default async function domains({ resend }) {
  const name = 'node.example.org';
  const made = await ok(resend.domains.create({
    name, region: 'eu-west-1', customReturnPath: 'bounce', openTracking: false, clickTracking: false,
    tls: 'opportunistic', capabilities: { sending: 'enabled', receiving: 'disabled' },
  }), {
    id: UUID, name, status: 'not_started', region: 'eu-west-1', created_at: TIME, open_tracking: false, click_tracking: false,
    capabilities: { sending: 'enabled', receiving: 'disabled' },
  });
  const { id } = made;
  assert.deepEqual([...new Set(made.records.map((record) => record.record))].sort(), ['DKIM', 'SPF']);
  for (const record of made.records) {
    assert.ok(RECORDS[record.record].includes(record.type), JSON.stringify(record));
    matches(record, { ttl: 'Auto', status: 'not_started', name: /^\S+$/, value: /^\S+/ });
    assert.equal(record.type === 'MX', typeof record.priority === 'number');
  }
  await refused(resend.domains.create({ name }), 403, 'validation_error', /registered already/);
  await refused(resend.domains.create({ name: 'other.example.org', region: 'moon-1' }), 422, 'validation_error', /region/);

  const second = await ok(resend.domains.create({ name: 'second.example.org', capabilities: { receiving: 'enabled' } }), {
    region: 'us-east-1', capabilities: { sending: 'enabled', receiving: 'enabled' },
  });
  const receiving = second.records.filter((record) => record.record === 'Receiving');
  matches(receiving, [{ type: 'MX', priority: 10, ttl: 'Auto' }]);

  const list = await ok(resend.domains.list(), { object: 'list', has_more: false });
  const names = list.data.map((domain) => domain.name);
  assert.deepEqual(names.slice(0, 2), ['second.example.org', name]);
  assert.ok(names.includes('sender.example'));
  matches(list.data[1], { id, status: 'not_started', region: 'eu-west-1', created_at: TIME, capabilities: made.capabilities });
  await pages((options) => resend.domains.list(options), list.data.map((domain) => domain.id));

  const got = await ok(resend.domains.get(id), { object: 'domain', id, name, region: 'eu-west-1', created_at: made.created_at });
  assert.deepEqual(got.records, made.records);
  await exactly(resend.domains.update({ id, openTracking: true, clickTracking: true, tls: 'enforced' }), { object: 'domain', id });
  await ok(resend.domains.get(id), { open_tracking: true, click_tracking: true });
  await exactly(resend.domains.verify(id), { object: 'domain', id });
  await ok(resend.domains.get(id), { status: 'pending' });
  await exactly(resend.domains.remove(id), { object: 'domain', id, deleted: true });
  await ok(resend.domains.remove(second.id));
  for (const gone of [id, UNKNOWN]) {
    await refused(resend.domains.get(gone), 404, 'not_found', /^Domain not found$/);
    await refused(resend.domains.remove(gone), 404, 'not_found', /^Domain not found$/);
    await refused(resend.domains.verify(gone), 404, 'not_found', /^Domain not found$/);
  }
}
