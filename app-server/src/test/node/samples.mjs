// Runs the examples for Node that the description of the API has, each against a stand-in for the network, and compares what
// the client would have sent with what is described. Reads them as JSON from its input; its output is a list of faults in JSON.
import { isDeepStrictEqual } from 'node:util';
import { text } from 'node:stream/consumers';
import { Resend } from 'resend';

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
const samples = JSON.parse(await text(process.stdin));
const faults = [];
let sent;

globalThis.fetch = async (url, options) => {
  sent = { method: options.method ?? 'GET', url: new URL(url), body: options.body };
  return Response.json({ data: [] });
};

for (const { id, method, path, bodies, source } of samples) {
  sent = undefined;
  try {
    await new AsyncFunction('resend', source)(new Resend('re_sample', { baseUrl: 'http://service.example' }));
  } catch (error) {
    faults.push(`${id}: ${error}`);
    continue;
  }
  if (!sent) {
    faults.push(`${id}: nothing is sent`);
    continue;
  }
  const went = `${sent.method} ${decodeURIComponent(sent.url.pathname)}`;
  if (went !== `${method} ${path}`) {
    faults.push(`${id}: ${went} instead of ${method} ${path}`);
  }
  const body = typeof sent.body === 'string' ? JSON.parse(sent.body) : undefined;
  // Some methods send the id of the path once more.
  if (body?.id && path.endsWith(body.id)) {
    delete body.id;
  }
  if (bodies.length > 0 && !bodies.some((described) => isDeepStrictEqual(described, body))) {
    faults.push(`${id}: sends ${JSON.stringify(body)}, described is ${JSON.stringify(bodies)}`);
  }
}
console.log(JSON.stringify(faults));
