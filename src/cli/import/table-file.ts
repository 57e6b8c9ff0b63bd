import { readFile } from 'node:fs/promises';
import { readCsv } from '../../lib/csv-read.js';
import { CliFailure } from '../cli-failure.js';
import { uidOf, type ImportEndpoint, type ImportItem, type ImportSource } from './import-plan.js';
import { isJsonObject } from '../../lib/is-json-object.js';

type Row = Record<string, unknown>;

/** What columns may be called, lower case and without `_`. */
const NAMES = {
  space: [
    'space',
    'tenant',
    'tenantid',
    'app',
    'application',
    'applicationid',
    'customer',
    'accountid',
    'owner',
  ],
  uid: ['uid', 'id', 'endpointid', 'subscriptionid'],
  url: ['url', 'endpoint', 'targeturl', 'target'],
  events: ['events', 'eventtypes', 'types', 'topics', 'filtertypes'],
  secret: ['secret', 'signingsecret', 'secrets'],
  description: ['description', 'name'],
  headers: ['headers', 'customheaders'],
  rate: ['rate', 'ratelimit', 'persecond'],
  timeout: ['timeoutms', 'timeout'],
  off: ['disabled', 'paused', 'disabledat'],
  on: ['enabled', 'active', 'isactive', 'isenabled'],
} as const;

/** Rows of a CSV file, or of a JSON file with an array: one endpoint each. `space`: of rows that name none. */
export async function* fromFile(path: string, space: string): ImportSource {
  const spaces = new Set<string>();
  for (const [index, row] of (await rowsOf(path)).entries()) {
    const what = `row ${index + 1}`;
    const item = itemOf(row, what, space);
    if (item.kind === 'endpoint' && !spaces.has(item.endpoint.space)) {
      spaces.add(item.endpoint.space);
      const name = textOf(row, 'space') ?? item.endpoint.space;
      yield { kind: 'space', space: { uid: item.endpoint.space, name } };
    }
    yield item;
  }
}

async function rowsOf(path: string): Promise<Row[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new CliFailure([`${path} cannot be read. Give the path of a CSV or JSON file.`]);
  }
  try {
    if (!/^\s*[[{]/.test(text)) return readCsv(text);
    const parsed = JSON.parse(text) as unknown;
    if (Array.isArray(parsed) && parsed.every((row) => typeof row === 'object' && row !== null))
      return parsed as Row[];
  } catch (error) {
    throw new CliFailure([`${path} is not a CSV or JSON file: ${(error as Error).message}`]);
  }
  throw new CliFailure([`${path} has no array. Give a JSON array of objects, one for each endpoint.`]);
}

function itemOf(row: Row, what: string, fallback: string): ImportItem {
  try {
    const owner = textOf(row, 'space') ?? fallback;
    if (owner === '')
      return { kind: 'bad', what, reason: 'It has no space: add a column "space", or pass --space.' };
    const url = textOf(row, 'url');
    if (url === undefined) return { kind: 'bad', what, reason: 'It has no "url".' };
    // Without an id the URL is one: the same row is the same endpoint the next time.
    const endpoint: ImportEndpoint = { space: uidOf(owner), uid: uidOf(textOf(row, 'uid'), url), url };
    return { kind: 'endpoint', endpoint: { ...endpoint, ...optionsOf(row) } };
  } catch (error) {
    return { kind: 'bad', what, reason: (error as Error).message };
  }
}

function optionsOf(row: Row): Partial<ImportEndpoint> {
  const events = listOf(valueOf(row, 'events'));
  const off = textOf(row, 'off');
  const on = textOf(row, 'on');
  return {
    events: events === undefined || events.includes('*') ? undefined : events,
    secret: secretIn(valueOf(row, 'secret')),
    description: textOf(row, 'description'),
    headers: headersOf(valueOf(row, 'headers')),
    rate: numberOf(row, 'rate'),
    timeoutMs: numberOf(row, 'timeout'),
    isPaused: (off !== undefined && !isNo(off)) || (on !== undefined && isNo(on)),
  };
}

function valueOf(row: Row, field: keyof typeof NAMES): unknown {
  const names: readonly string[] = NAMES[field];
  const found = Object.entries(row).filter(([name]) =>
    names.includes(name.toLowerCase().replaceAll(/[_\s-]/g, '')),
  );
  const rank = ([name]: [string, unknown]) => names.indexOf(name.toLowerCase().replaceAll(/[_\s-]/g, ''));
  return found.sort((a, b) => rank(a) - rank(b)).find(([, value]) => value !== null && value !== '')?.[1];
}

function textOf(row: Row, field: keyof typeof NAMES): string | undefined {
  const value = valueOf(row, field);
  // In JSON a flag is true or false, and an id may be a number.
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}

function numberOf(row: Row, field: 'rate' | 'timeout'): number | undefined {
  const text = textOf(row, field);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`"${text}" is not a whole number (${field}).`);
  return Number(text);
}

/** An array, JSON text of one, PostgreSQL's `{a,b}`, or names with commas, semicolons or blanks between them. */
function listOf(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map(String) : undefined;
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('[')) return listOf(JSON.parse(value));
  const [, array] = /^\{(.*)\}$/s.exec(value) ?? [];
  if (array !== undefined) return listOf([...array.matchAll(ELEMENT)].map(elementOf));
  const names = value.split(/[,;\s]+/);
  const some = names.map((name) => name.replaceAll('"', '')).filter((name) => name !== '');
  return some.length > 0 ? some : undefined;
}

/** An element of PostgreSQL's form of an array, in quotes where it needs them. */
const ELEMENT = /"((?:[^"\\]|\\.)*)"|[^,]+/gs;

function elementOf([plain, quoted]: RegExpExecArray): string {
  return quoted === undefined ? plain.trim() : quoted.replaceAll(/\\(.)/gs, '$1');
}

/** The characters of usual secrets, of which a column may have several. */
const USUAL_SECRET = /^[\w+/=-]{24,}$/;

/** Of several the first. Any other text is one secret, whatever characters it has. */
function secretIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || /^(?:\[.*\]|\{.*\})$/s.test(value)) return listOf(value)?.[0];
  const several = listOf(value);
  return several?.every((one) => USUAL_SECRET.test(one)) ? several[0] : value;
}

function headersOf(value: unknown): Record<string, string> | undefined {
  const given = typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  if (given === undefined) return undefined;
  if (!isJsonObject(given)) throw new Error('"headers" is not a JSON object.');
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, String(one)]));
}

function isNo(text: string): boolean {
  return /^(?:false|f|0|no|n|off|null)$/i.test(text);
}
