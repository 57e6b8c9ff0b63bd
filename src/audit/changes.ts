import { stringifyExactly } from '../lib/exact-number.js';

/** Facts of something, by field. */
export type Facts = Record<string, unknown>;

/** Stands for a value that must not be seen. */
export const HIDDEN = '***';

/** Fields of these names hold secrets. Filters are conditions on data, whose names say nothing. */
const SECRET_NAME = /secret|password|passphrase|token|credential|authorization|private_?key|api_?key/i;
const NO_SECRETS = new Set(['filter']);

/** The facts that differ, on either side. */
export function difference(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => textOf(before[name]) !== textOf(after[name]));
  const pick = (facts: Facts) =>
    Object.fromEntries(changed.flatMap((name) => (name in facts ? [[name, facts[name]]] : [])));
  return { before: pick(before), after: pick(after) };
}

/** Of a field with more JSON than this, characters, only the length is kept. */
const MAX_CHARACTERS = 16_384;

/** The JSON of facts, with what looks like a secret hidden. */
export function jsonOf(facts: Facts | null): string | null {
  if (facts === null) return null;
  const fields = Object.entries(withoutSecrets(facts)).filter(([, value]) => value !== undefined);
  const bounded = fields.map(([name, value]) => {
    const { length } = stringifyExactly(value);
    return [name, length > MAX_CHARACTERS ? { omitted: `${length} characters` } : value] as const;
  });
  return stringifyExactly(Object.fromEntries(bounded));
}

function withoutSecrets(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (NO_SECRETS.has(name)) return [name, value];
      if (typeof value === 'string' && SECRET_NAME.test(name)) return [name, HIDDEN];
      return [name, inside(value)];
    }),
  );
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return isPlain(value) ? withoutSecrets(value) : value;
}

function isPlain(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : stringifyExactly(value);
}
