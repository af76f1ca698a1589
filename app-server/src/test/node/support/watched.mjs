// Lists the methods of a Resend client and tells which of them were called with what outcome.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const declarations = readFileSync(fileURLToPath(new URL('./index.d.mts', import.meta.resolve('resend'))), 'utf8');
const PRIVATE = new Set([...declarations.matchAll(/^ {2}private (?:readonly )?(\w+);/gm)].map((found) => found[1]));

const isResource = (value) =>
  typeof value === 'object' && value !== null && /^class/.test(String(value.constructor)) && !['Resend', 'Headers'].includes(value.constructor.name);

// The public methods of all resources, as `emails.attachments.get`.
export function methodsOf(resource, path = []) {
  const own = path.length === 0 ? [] : Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
    .filter((name) => name !== 'constructor' && !PRIVATE.has(name))
    .map((name) => [...path, name].join('.'));
  const below = Object.keys(resource)
    .filter((name) => isResource(resource[name]))
    .flatMap((name) => methodsOf(resource[name], [...path, name]));
  return [...own, ...below];
}

// The same client; `onAnswer(method, answer)` hears what each call from outside came to.
export function watched(resource, onAnswer, path = []) {
  return new Proxy(resource, {
    get(target, name) {
      const value = target[name];
      if (typeof value === 'function' && path.length > 0) {
        return (...args) => {
          const result = value.apply(target, args);
          const method = [...path, name].join('.');
          if (typeof result?.then === 'function') result.then((answer) => onAnswer(method, answer), () => {});
          else onAnswer(method, { data: result, error: null });
          return result;
        };
      }
      return isResource(value) ? watched(value, onAnswer, [...path, name]) : value;
    },
  });
}
