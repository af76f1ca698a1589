// Drives every method of every resource of Resend's Node client that this product has, and asserts
// what the client makes of the answers: the values, and that they are of the types the client
// declares. Reads RESEND_API_KEY and RESEND_BASE_URL, as the client does; MAILGOAT_ADMIN_URL and
// MAILGOAT_ADMIN_TOKEN for what only an operator can bring about; ONLY=emails,topics runs a part.
// The last line of its output is a summary in JSON.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Resend } from 'resend';
import { declaredTypes } from './support/declared.mjs';
import { methodsOf, watched } from './support/watched.mjs';

// In this order: `logs` reads what the others left.
const RESOURCES = ['emails', 'batch', 'metrics', 'receiving', 'domains', 'claims', 'apikeys', 'segments', 'topics', 'properties',
  'contacts', 'imports', 'templates', 'broadcasts', 'suppressions', 'webhooks', 'grants', 'usage', 'logs', 'absent'];
// What this product does not have: these answer 404.
export const ABSENT = ['automations', 'events', 'inboxes'];
const EXCEPTIONS = JSON.parse(readFileSync(new URL('./declared-exceptions.json', import.meta.url), 'utf8'));

const client = new Resend();
const methods = methodsOf(client);
const check = declaredTypes(methods);
const done = new Set();
const tried = new Set();
const faults = new Set();
const used = new Set();
const excused = (fault) => {
  const exception = EXCEPTIONS.find(({ fault: pattern }) => new RegExp(pattern).test(fault));
  if (exception) used.add(exception.fault);
  return exception;
};
const resend = watched(client, (method, { data, error }) => {
  tried.add(method);
  if (error) return;
  done.add(method);
  check(method, data).filter((fault) => !excused(fault)).forEach((fault) => faults.add(fault));
});

const files = createServer((_, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end('Fetched goat');
});
await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve));
const context = { resend, methods, ABSENT, fileUrl: `http://127.0.0.1:${files.address().port}/fetched.txt`, left: {} };
const failures = [];
const wanted = process.env.ONLY?.split(',') ?? RESOURCES;
for (const name of RESOURCES.filter((resource) => wanted.includes(resource))) {
  try {
    const { default: run } = await import(`./resources/${name}.mjs`);
    await run(context);
  } catch (e) {
    failures.push(`${name}: ${e.stack ?? e}`);
  }
}
files.close();

const missing = process.env.ONLY ? [] : methods.filter((method) =>
  ABSENT.includes(method.split('.')[0]) ? !tried.has(method) || done.has(method) : !done.has(method));
failures.push(...[...faults].map((fault) => `not as declared: ${fault}`), ...missing.map((method) => `not driven: ${method}`));
if (!process.env.ONLY) failures.push(...EXCEPTIONS.filter(({ fault }) => !used.has(fault)).map(({ fault }) => `no longer an exception: ${fault}`));
failures.forEach((failure) => console.error(failure));
console.log(JSON.stringify({ methods: methods.length, done: done.size, failures: failures.length, ...context.left }));
process.exitCode = failures.length === 0 ? 0 : 1;
