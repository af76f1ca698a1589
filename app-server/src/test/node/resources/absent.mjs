// The parts of the API that this product does not have: every method is told so, in the API's own
// way, and none gets anything else.
import { UNKNOWN, refused } from '../support/expect.mjs';

const ANYTHING = {
  id: UNKNOWN, inboxId: UNKNOWN, automationId: UNKNOWN, runId: UNKNOWN, threadId: UNKNOWN, emailId: UNKNOWN, labelId: UNKNOWN,
  draftId: UNKNOWN, name: 'x', event: 'x', email: 'a@inbox.example', steps: [], connections: [], type: 'sent', labelIds: [UNKNOWN],
};

export default async function absent({ resend, methods, ABSENT }) {
  for (const method of methods.filter((name) => ABSENT.includes(name.split('.')[0]))) {
    const path = method.split('.');
    const owner = path.slice(0, -1).reduce((resource, name) => resource[name], resend);
    const name = path.at(-1);
    // The client names the parameter that goes into the path.
    const idFirst = /^\(?(id|identifier|idOrEmail)\b/.test(parameters(resend, path));
    const answer = idFirst ? owner[name](UNKNOWN, ANYTHING) : owner[name](ANYTHING);
    await refused(answer, 404, 'not_found', /does not exist/);
  }
}

// The text between the parentheses of a method's definition.
function parameters(resend, path) {
  const owner = path.slice(0, -1).reduce((resource, name) => resource[name], resend);
  const source = String(Object.getPrototypeOf(owner)[path.at(-1)]);
  return source.slice(source.indexOf('(') + 1);
}
