// What the scripts of the resources ask of answers.
import assert from 'node:assert/strict';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const UNKNOWN = '00000000-0000-4000-8000-000000000000';
// The two ways of writing times: rows of a table, and everything else.
export const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)$/;

// A value as described: a pattern for a string, a function that judges, or the value itself. Of
// objects only what is described counts.
export function matches(actual, expected, path = '') {
  if (expected instanceof RegExp) {
    assert.ok(typeof actual === 'string' && expected.test(actual), `${path}: ${JSON.stringify(actual)} is not ${expected}`);
  } else if (typeof expected === 'function') {
    assert.ok(expected(actual), `${path}: ${JSON.stringify(actual)}`);
  } else if (Array.isArray(expected)) {
    assert.equal(actual?.length, expected.length, `${path}: ${JSON.stringify(actual)}`);
    expected.forEach((value, i) => matches(actual[i], value, `${path}[${i}]`));
  } else if (expected !== null && typeof expected === 'object') {
    assert.ok(actual !== null && typeof actual === 'object', `${path}: ${JSON.stringify(actual)}`);
    for (const [name, value] of Object.entries(expected)) {
      assert.ok(name in actual, `${path}.${name} is missing in ${JSON.stringify(actual)}`);
      matches(actual[name], value, `${path}.${name}`);
    }
  } else {
    assert.equal(actual, expected, path);
  }
}

// The data of a success, held to a description if there is one.
export async function ok(answer, expected = {}) {
  const { data, error, headers } = await answer;
  assert.ok(error === null, JSON.stringify(error));
  assert.ok(headers === undefined || headers['content-type'].startsWith('application/json'), JSON.stringify(headers));
  matches(data, expected);
  return data;
}

// Answers with other values in exactly these fields.
export async function exactly(answer, expected) {
  const data = await ok(answer, expected);
  assert.deepEqual(Object.keys(data).sort(), Object.keys(expected).sort());
  return data;
}

export async function refused(answer, statusCode, name, message) {
  const { data, error } = await answer;
  assert.equal(data, null, JSON.stringify(data));
  assert.deepEqual(Object.keys(error), ['statusCode', 'message', 'name']);
  assert.equal(error.name, name, JSON.stringify(error));
  assert.equal(error.statusCode, statusCode, JSON.stringify(error));
  assert.match(error.message, message);
}

// Every page from the newest to the oldest, and back; `all` are the ids in one list.
export async function pages(list, all) {
  assert.ok(all.length >= 3, 'too few for pages');
  const seen = [];
  let page = await ok(list({ limit: 2 }), { object: 'list', has_more: true });
  for (;;) {
    seen.push(...page.data.map((item) => item.id));
    if (!page.has_more) break;
    page = await ok(list({ limit: 2, after: seen.at(-1) }), { object: 'list' });
  }
  assert.deepEqual(seen, all);
  const before = await ok(list({ limit: 1, before: all[2] }), { has_more: true });
  assert.deepEqual(before.data.map((item) => item.id), [all[1]]);
  await refused(list({ limit: 0 }), 422, 'validation_error', /limit/);
  await refused(list({ limit: 1, after: all[0], before: all[1] }), 422, 'validation_error', /after|before/);
}

export async function until(what, condition) {
  const end = Date.now() + 30_000;
  for (;;) {
    const result = await condition();
    if (result) return result;
    assert.ok(Date.now() < end, `not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const mail = (subject, more = {}) => ({
  from: 'Goat <hello@sender.example>',
  to: 'someone@inbox.example',
  subject,
  text: `This is ${subject}.`,
  ...more,
});
