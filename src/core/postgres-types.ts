import { init } from 'pg-types/lib/textParsers.js';

const parsers = new Map<number, (text: string) => unknown>();
init((oid, parse) => parsers.set(oid, parse));

const asIs = (value: unknown) => value;

/**
 * How results are read on every connection of ours. pg's own table belongs to the whole process: an application that wants
 * its times as texts, or its JSON as it came, changes it for everybody.
 */
export const postgresTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary' ? asIs : (parsers.get(oid) ?? asIs),
};
