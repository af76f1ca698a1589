import assert from 'node:assert/strict';
import { otherTeam } from '../support/admin.mjs';
import { TIME, UNKNOWN, UUID, matches, ok, refused } from '../support/expect.mjs';

// A second team has the domain, and the first one claims it.
export default async function claims({ resend }) {
  const other = await otherTeam('Elsewhere');
  const name = 'claimed.example.org';
  await ok(other.domains.create({ name }));
  await refused(resend.domains.create({ name }), 403, 'validation_error', /registered already/);

  const made = await ok(resend.domains.claims.create({ name, region: 'eu-west-1', customReturnPath: 'back' }), {
    object: 'domain_claim', id: UUID, name, status: 'pending', region: 'eu-west-1',
    record: { type: 'TXT', ttl: 'Auto', name: /\S/, value: /^\S+=\S+$/ },
    blocked_reason: null, failure_reason: null, created_at: TIME, expires_at: TIME,
  });
  const again = await ok(resend.domains.claims.create({ name, region: 'eu-west-1', customReturnPath: 'back' }));
  assert.equal(again.id, made.id, 'the pending claim again');
  const handle = made.domain_id ?? made.id;
  matches(await ok(resend.domains.claims.get(handle)), { id: made.id, name, status: 'pending', record: made.record });
  matches(await ok(resend.domains.claims.verify(handle)), { object: 'domain_claim', id: made.id, name });
  await refused(resend.domains.claims.get(UNKNOWN), 404, 'not_found', /not found/);
  await refused(resend.domains.claims.verify(UNKNOWN), 404, 'not_found', /not found/);
}
