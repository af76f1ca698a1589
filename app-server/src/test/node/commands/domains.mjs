import { otherTeam } from '../support/admin.mjs';
import { TIME, UNKNOWN, UUID } from '../support/expect.mjs';

export default async function domains({ cli }) {
  const { id } = await cli.ok(['domains', 'create', '--name', 'cli.example.org', '--region', 'sa-east-1', '--tls', 'enforced', '--sending', '--receiving'], {
    id: UUID, name: 'cli.example.org', region: 'sa-east-1', status: 'not_started', capabilities: { sending: 'enabled', receiving: 'enabled' },
  });
  await cli.ok(['domains', 'get', id], { object: 'domain', id, name: 'cli.example.org', created_at: TIME });
  await cli.ok(['domains', 'update', id, '--open-tracking', '--tls', 'opportunistic'], { object: 'domain', id });
  await cli.ok(['domains', 'get', id], { open_tracking: true, click_tracking: false });
  await cli.ok(['domains', 'verify', id], { object: 'domain', id });
  await cli.ok(['domains', 'list', '--limit', '1'], { object: 'list', has_more: true, data: [{ id, status: 'pending' }] });
  await cli.ok(['domains', 'delete', id, '--yes'], { id, deleted: true });
  await cli.refused(['domains', 'get', id], /Domain not found/);
  await cli.refused(['domains', 'verify', UNKNOWN], /Domain not found/);

  // Another team has this one.
  await (await otherTeam('Other')).domains.create({ name: 'claimed-cli.example.org' });
  const claim = await cli.ok(['domains', 'claim', 'create', '--name', 'claimed-cli.example.org'], {
    object: 'domain_claim', id: UUID, name: 'claimed-cli.example.org', status: 'pending', record: { type: 'TXT', ttl: 'Auto' },
  });
  const handle = claim.domain_id ?? claim.id;
  await cli.ok(['domains', 'claim', 'get', handle], { id: claim.id, status: 'pending' });
  await cli.ok(['domains', 'claim', 'verify', handle], { id: claim.id });
}
