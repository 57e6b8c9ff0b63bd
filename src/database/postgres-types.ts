import { init } from 'pg-types/lib/textParsers.js';

const parsers = new Map<number, (text: string) => unknown>();
init((oid, parse) => parsers.set(oid, parse));

const asIs = (value: unknown) => value;

/**
 * How results are read on every connection of ours. pg's own table belongs to the whole process: an application that
 * wants its times as texts, or its JSON as it came, changes it for everybody.
 */
export const postgresTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary' ? asIs : (parsers.get(oid) ?? asIs),
};

const JSONB = 3802;
const texts = new WeakMap<object, string>();

/** The same for TypeORM, whose entities may ask with `writtenAs` for the text of what was read from jsonb. */
export const entityTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === JSONB && format !== 'binary' ? parseAndKeep : postgresTypes.getTypeParser(oid, format),
};

/** The JSON text of an object or list that `entityTypes` read: parsed, its numbers are doubles. */
export function jsonTextOf(value: object): string {
  return texts.get(value) ?? JSON.stringify(value);
}

function parseAndKeep(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) texts.set(value, text);
  return value;
}
