// A real endpoint for webhooks: keeps what arrives, octet by octet, and answers as it is told.
import { createServer } from 'node:http';
import { until } from './expect.mjs';

export async function hook() {
  const calls = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.statusCode = state.status;
      response.end('thanks');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    calls,
    answer: (status) => { state.status = status; },
    // The first call from number `from` on that fits.
    arrived: (what, fits, from = 0) => until(what, async () =>
      calls.slice(from).find(({ body }) => fits(JSON.parse(body)))),
    close: () => server.close(),
  };
}
