// Asks the service's admin API, for what only an operator can bring about.
import assert from 'node:assert/strict';
import { Resend } from 'resend';

export async function admin(path, body) {
  const answer = await fetch(process.env.MAILGOAT_ADMIN_URL + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${process.env.MAILGOAT_ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

// A client of a second team.
export async function otherTeam(name) {
  const team = await admin('/v1/teams', { name });
  return new Resend(team.api_key.token);
}

// A mail comes in, as if from outside, for a domain that takes mail.
export async function receive(resend, to, message) {
  const { data } = await resend.domains.list();
  const domain = data.data.find((item) => item.name === to.split('@')[1]);
  if (domain.capabilities.receiving !== 'enabled') {
    const { error } = await resend.domains.update({ id: domain.id, capabilities: { sending: 'enabled', receiving: 'enabled' } });
    assert.equal(error, null, JSON.stringify(error));
  }
  return admin('/v1/received', { to: [to], from: 'ada@inbox.example', message: Buffer.from(message).toString('base64') });
}

export const grant = (name) =>
  admin('/v1/oauth/grants', { client_id: `client-${name.toLowerCase()}`, client_name: name, scopes: ['emails:send'] });
