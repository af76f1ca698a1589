import assert from 'node:assert/strict';
import { grant } from '../support/admin.mjs';
import { ISO, TIME, UNKNOWN, UUID, matches, ok, pages, refused } from '../support/expect.mjs';

export default async function oauthGrants({ resend }) {
  for (const name of ['One', 'Two', 'Three']) await grant(name);
  const list = await ok(resend.oauthGrants.list(), { object: 'list', has_more: false });
  assert.equal(list.data.length, 3);
  matches(list.data[0], {
    id: UUID, client_id: 'client-three', scopes: ['emails:send'], created_at: TIME, revoked_at: null, revoked_reason: null,
    client: { name: 'Three', logo_uri: null },
  });
  await pages((options) => resend.oauthGrants.list(options), list.data.map((grant) => grant.id));
  const { id } = list.data[0];
  const revoked = await ok(resend.oauthGrants.revoke(id), { object: 'oauth_grant', id, revoked_at: ISO, revoked_reason: /\S/ });
  const after = (await ok(resend.oauthGrants.list())).data.find((grant) => grant.id === id);
  matches(after, { revoked_at: TIME, revoked_reason: revoked.revoked_reason });
  await refused(resend.oauthGrants.revoke(UNKNOWN), 404, 'not_found', /not found$/);
}
