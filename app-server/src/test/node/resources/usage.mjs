import assert from 'node:assert/strict';
import { ISO, TIME, ok } from '../support/expect.mjs';

const count = (value) => Number.isInteger(value) && value >= 0;
const time = (value) => ISO.test(value) || TIME.test(value);

export default async function usage({ resend }) {
  const now = await ok(resend.usage.get(), {
    object: 'usage',
    emails: {
      daily: { used: count, sent: count, received: count, resets_at: time },
      monthly: { used: count, sent: count, received: count, resets_at: time },
    },
    contacts: { used: count }, segments: { used: count }, broadcasts: { used: count, limit: null },
    ai_credits: { used: 0 }, automation_runs: { used: 0 }, domains: { used: count },
    rate_limit: { limit: count, duration: /\S/ },
  });
  const { daily, monthly } = now.emails;
  assert.ok(daily.sent >= 1 && daily.sent <= monthly.sent, JSON.stringify(now.emails));
  assert.equal(daily.used, daily.sent + daily.received);
  assert.equal(monthly.used, monthly.sent + monthly.received);
  assert.equal(now.domains.used, (await ok(resend.domains.list())).data.length);
  const { id } = await ok(resend.segments.create({ name: 'Counted' }));
  assert.equal((await ok(resend.usage.get())).segments.used, now.segments.used + 1);
  await ok(resend.segments.remove(id));
}
