import { Invalid } from '../../core/errors.js';
import { nearestName } from '../../lib/nearest-name.js';
import { unstorableValues } from '../../http/unstorable-values.js';
import { lemlistCatalogue, REMOVED_TYPES } from '../../profiles/lemlist/catalogue.js';

/** What a request asks of a new webhook. */
export interface HookInput {
  targetUrl: string;
  /** Absent: every type. */
  type?: string;
  secret?: string;
  /** Absent: every campaign. */
  campaignId?: string;
  isFirst: boolean;
  /** As it was sent: a text, or the number that its schema has. */
  zapId: string | number | null;
}

type Fields = Record<string, unknown>;

const NAMES = lemlistCatalogue.map(({ name }) => name);
const MAX_TEXT = 256;
const MAX_URL = 2_048;
/** An answer repeats no more of what it did not understand. */
const MAX_QUOTED = 64;

/**
 * Reads a request whose parameters stand in the address or in the body: the reference has `campaignId`, `isFirst` and
 * `zapId` in the one, every known client in the other. Null and nothing are the same. Throws Invalid for what is wrong
 * and for two that contradict each other. Parameters nobody knows are passed over.
 */
export function readHook(query: Fields, body: unknown): HookInput {
  const given = fieldsOf(body);
  refuseLists(query);
  const both = <T>(name: string, read: (value: unknown, name: string) => T) => {
    const [there, here] = [query[name], given[name]].map((value) =>
      value === undefined || value === null || value === '' ? undefined : read(value, name),
    );
    if (there !== undefined && here !== undefined && String(there) !== String(here))
      throw wrong(name, 'The address and the body contradict each other. Send it once.');
    return here ?? there;
  };
  if (query.secret !== undefined)
    throw wrong('secret', 'Send it in the body: addresses end up in logs. Use another one now.');
  const targetUrl = both('targetUrl', urlOf);
  if (targetUrl === undefined) throw wrong('targetUrl', 'Is required.');
  const type = both('type', typeOf);
  const secret = both('secret', textOf);
  const campaignId = both('campaignId', textOf);
  return {
    targetUrl,
    ...(type !== undefined && { type }),
    ...(secret !== undefined && { secret }),
    ...(campaignId !== undefined && { campaignId }),
    isFirst: both('isFirst', flagOf) ?? false,
    zapId: both('zapId', zapOf) ?? null,
  };
}

function fieldsOf(body: unknown): Fields {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw wrong('body', 'Send a JSON object.');
  return body as Fields;
}

/** `type[]=…` would otherwise be passed over, and the webhook hear of everything. */
function refuseLists(query: Fields): void {
  for (const [name, value] of Object.entries(query)) {
    const [, list] = /^(targetUrl|type|secret|campaignId|isFirst|zapId)\W/.exec(name) ?? [];
    if (list !== undefined || Array.isArray(value)) throw wrong(list ?? name, 'Send one value, once.');
  }
}

function textOf(value: unknown, name: string, max = MAX_TEXT): string {
  if (typeof value !== 'string' || value.length > max)
    throw wrong(name, `Use a text of at most ${max} characters.`);
  if (unstorableValues(value).length > 0)
    throw wrong(name, 'Must not contain NUL or half of a surrogate pair.');
  return value;
}

function urlOf(value: unknown, name: string): string {
  return textOf(value, name, MAX_URL);
}

function typeOf(value: unknown): string {
  if (typeof value !== 'string')
    throw wrong('type', 'Use one type, as a text; leave it out for all of them.');
  if (NAMES.includes(value)) return value;
  const replacement = Object.hasOwn(REMOVED_TYPES, value) ? REMOVED_TYPES[value] : undefined;
  if (replacement !== undefined) throw wrong('type', `${value} has been removed. ${replacement}`);
  const meant = nearestName(value, NAMES);
  const hint = meant === null ? 'Leave it out for all types.' : `Did you mean ${meant}?`;
  throw wrong('type', `There is no type ${JSON.stringify(value.slice(0, MAX_QUOTED))}. ${hint}`);
}

function flagOf(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw wrong(name, 'Use true or false.');
}

/** A text in the reference, a number in its schema. */
function zapOf(value: unknown, name: string): string | number {
  return Number.isSafeInteger(value) ? (value as number) : textOf(value, name);
}

function wrong(path: string, message: string): Invalid {
  return new Invalid([{ path, code: 'invalid', message }]);
}
