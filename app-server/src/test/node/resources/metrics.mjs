import assert from 'node:assert/strict';
import { ISO, mail, matches, ok, refused, until } from '../support/expect.mjs';

export default async function metrics({ resend }) {
  const { id } = await ok(resend.emails.send(mail('counted')));
  await until('delivered', async () => (await ok(resend.emails.get(id))).last_event === 'delivered');
  const one = await ok(resend.emails.metrics({ emailId: [id], metrics: ['sent', 'delivered', 'bounced', 'delivery_rate'] }), {
    object: 'metrics', start_date: ISO, end_date: ISO, metrics: ['sent', 'delivered', 'bounced', 'delivery_rate'],
    dimensions: [], granularity: 'daily',
    totals: { sent: 1, delivered: 1, bounced: 0, delivery_rate: (rate) => rate === 1 || rate === 100 },
  });
  assert.ok(!('data' in one), 'no rows without dimensions');

  const domain = (await ok(resend.domains.list())).data.find((item) => item.name === 'sender.example');
  const rows = await ok(resend.emails.metrics({
    metrics: ['sent', 'delivered'], dimensions: ['period', 'domain'], granularity: 'hourly', domainId: [domain.id],
    startDate: new Date(Date.now() - 3_600_000).toISOString(), endDate: new Date(Date.now() + 60_000).toISOString(),
    timezone: 'Europe/Vienna',
  }), { object: 'metrics', granularity: 'hourly', metrics: ['sent', 'delivered'], dimensions: ['period', 'domain'] });
  assert.ok(rows.data.length >= 1);
  rows.data.forEach((row) => matches(row, { domain_id: domain.id, domain_name: 'sender.example', period: /^\d{4}-\d\d-\d\d/ }));
  const sum = (metric) => rows.data.reduce((total, row) => total + row[metric], 0);
  assert.equal(sum('sent'), rows.totals.sent);
  assert.equal(sum('delivered'), rows.totals.delivered);

  const all = await ok(resend.emails.metrics(), { object: 'metrics', granularity: 'daily', dimensions: [] });
  assert.ok(all.totals.sent >= rows.totals.sent, JSON.stringify(all));
  await refused(resend.emails.metrics({ metrics: ['yodelled'] }), 422, 'validation_error', /metrics/);
  await refused(resend.emails.metrics({ timezone: 'Mars/Base' }), 422, 'validation_error', /timezone/);
}
