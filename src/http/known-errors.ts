import { types } from 'node:util';
import { databaseErrorOf } from './database-error.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What goes wrong in the database becomes the error that the HTTP API answers it with: `Unavailable`, `OutcomeUnknown`,
 * or `Invalid` for text that cannot be stored. The fault itself is its `cause`. For each method of the class.
 */
export function KnownErrors(): ClassDecorator {
  return ({ prototype }) => {
    const target = prototype as object;
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
      const method: unknown = descriptor.value;
      if (name === 'constructor' || typeof method !== 'function') continue;
      Object.defineProperty(target, name, { ...descriptor, value: translating(method as Method) });
    }
  };
}

function translating(method: Method): Method {
  return function (this: unknown, ...args: unknown[]) {
    const result = method.apply(this, args);
    return types.isPromise(result) ? result.catch(throwKnown) : result;
  };
}

function throwKnown(error: unknown): never {
  const known = databaseErrorOf(error);
  if (known === null) throw error;
  known.cause = error;
  throw known;
}
