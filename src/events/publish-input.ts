import { Ajv, type ErrorObject } from 'ajv';
import { Invalid, MAX_ISSUES, TooLarge, type Issue } from '../core/errors.js';
import { MOST_HINTS } from '../core/unknown-type.js';
import { looksLikeId } from '../core/ids.js';
import { hasZone, INVALID_TIME_HINT, parseTime } from '../lib/iso-time.js';
import { memberTextOfEach, memberTexts } from '../lib/json-scanner.js';
import type { EventScope } from '../core/domain-types.js';
import { MAX_TAG_VALUE, MAX_TAGS, scopeWithTags, TAG_NAME_FORM, type Tags } from '../core/tags.js';
import { MAX_VERSION } from '../core/type-versions.js';
import { unstorableStrings } from '../http/unstorable-values.js';
import { MAX_SUBJECT } from '../event-store/subject.js';
import type { EventDraft } from './draft.js';
import { meantField } from '../http/field-hint.js';
import { MAX_TTL_SECONDS } from './event-limits.js';

const MAX_EVENTS = 1_000;
/** How much of a wrong value a message repeats, characters. */
const SHOWN = 64;
/** The data of one event, bytes of its text. */
export const MAX_DATA_BYTES = 256 * 1024;

interface EventInput {
  type: string;
  data: object;
  id?: string;
  occurredAt?: string;
  expiresAt?: string;
  ttlSeconds?: number;
  deliverAt?: string;
  subjectId?: string;
  scope?: EventScope;
  tags?: Tags;
  version?: number;
}

// No control characters (PostgreSQL cannot store NUL) and no lone surrogates.
const TEXT = '^[^\\p{Cc}\\p{Cs}]*$';
const name = { type: 'string', minLength: 1, maxLength: 256, pattern: TEXT };
const subject = { type: 'string', minLength: 1, maxLength: MAX_SUBJECT, pattern: TEXT };

const TAGS = {
  type: 'object',
  maxProperties: MAX_TAGS,
  propertyNames: { pattern: TAG_NAME_FORM },
  additionalProperties: { ...name, maxLength: MAX_TAG_VALUE },
};
const SCOPE_FIELDS = { clientId: name, campaignId: name, leadId: name };
const FIELDS = {
  type: { type: 'string', minLength: 1, maxLength: 128, pattern: TEXT },
  data: { type: 'object' },
  id: name,
  occurredAt: { type: 'string' },
  expiresAt: { type: 'string' },
  ttlSeconds: { type: 'integer', minimum: 1, maximum: MAX_TTL_SECONDS },
  deliverAt: { type: 'string' },
  subjectId: subject,
  scope: { type: 'object', additionalProperties: false, properties: SCOPE_FIELDS },
  tags: TAGS,
  version: { type: 'integer', minimum: 1, maximum: MAX_VERSION },
};

// Compiled once: on this hot path class-validator takes 20 times as long. A start does not check this schema itself.
const options = { allErrors: true, unicodeRegExp: true, meta: false, validateSchema: false };
const validate = new Ajv(options).compile<EventInput>({
  type: 'object',
  required: ['type', 'data'],
  additionalProperties: false,
  properties: FIELDS,
});

const NO_BODY =
  'Is empty. Send one event as JSON, such as {"type": "lead.create", "data": {}}, or an array of events, ' +
  'with the header "content-type: application/json".';

/** Reads a publish request from its parsed body and its text. */
export function readEvents(body: unknown, text: string | undefined): EventDraft[] {
  if (body === undefined || text === undefined) {
    throw new Invalid([{ path: 'body', code: 'required', message: NO_BODY }]);
  }
  if (!Array.isArray(body)) return [readEvent(body, () => memberTexts(text).get('data'), '')];
  if (body.length === 0)
    throw new Invalid([{ path: '', code: 'array_min_size', message: 'Send at least one event.' }]);
  if (body.length > MAX_EVENTS)
    throw new TooLarge(`A request holds at most ${MAX_EVENTS} events; this one has ${body.length}.`);
  const data = memberTextOfEach(text, 'data');
  const issues: Issue[] = [];
  const drafts: EventDraft[] = [];
  for (const [index, element] of body.entries()) {
    try {
      drafts.push(readEvent(element, () => data[index], `[${index}]`));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      issues.push(...(error.issues ?? []));
      if (issues.length >= MAX_ISSUES) break;
    }
  }
  if (issues.length > 0) throw new Invalid(issues);
  return drafts;
}

/** Reads one event inside of another body. `text`: of the event as it was sent; `at`: where it stands, for messages. */
export function readEventAt(input: unknown, text: string, at: string): EventDraft {
  return readEvent(input, () => memberTexts(text).get('data'), at);
}

/** `textOfData`: the text of the event's data as it was sent. */
function readEvent(input: unknown, textOfData: () => string | undefined, at: string): EventDraft {
  if (!validate(input)) throw new Invalid(issuesOf(validate.errors ?? [], at, input));
  const data = textOfData() ?? '{}';
  const bytes = Buffer.byteLength(data);
  if (bytes > MAX_DATA_BYTES) {
    throw new TooLarge(`${join(at, 'data')} has ${bytes} bytes; an event's data may have ${MAX_DATA_BYTES}.`);
  }
  // Invalid UTF-8 was refused before, so only an escape can make text that other JSON parsers refuse.
  const unfit = data.includes('\\u') ? unstorableStrings(input.data, join(at, 'data')) : [];
  if (unfit.length > 0) throw new Invalid(unfit);
  if (input.id !== undefined) checkId(input.id, at);
  const scope = input.tags ? readScope(input, input.tags, at) : (input.scope ?? {});
  const draft: EventDraft = { at, type: input.type, text: data, data: input.data, scope };
  if (input.version !== undefined) draft.version = input.version;
  if (input.id !== undefined) draft.key = input.id;
  if (input.occurredAt !== undefined) draft.occurredAt = readTime(input.occurredAt, at, 'occurredAt');
  if (input.subjectId !== undefined) draft.subjectId = input.subjectId;
  readExpiry(input, draft, at);
  if (input.deliverAt !== undefined) draft.deliverAt = readTime(input.deliverAt, at, 'deliverAt');
  return draft;
}

/** Throws Invalid for a tag that differs from the field of the scope that is the same. */
function readScope({ scope = {} }: EventInput, tags: Tags, at: string): EventScope {
  const merged = scopeWithTags(scope, tags, (path) => join(at, path));
  if (merged.issues.length > 0) throw new Invalid(merged.issues);
  return merged.scope;
}

/** When the event expires. A time in the past is valid: publishers catch up after an outage. */
function readExpiry({ expiresAt, ttlSeconds }: EventInput, draft: EventDraft, at: string): void {
  if (expiresAt !== undefined && ttlSeconds !== undefined) {
    const message = 'cannot be given together with expiresAt. Leave one of them out.';
    throw new Invalid([{ path: join(at, 'ttlSeconds'), code: 'expires_twice', message }]);
  }
  if (expiresAt !== undefined) draft.expiry = readTime(expiresAt, at, 'expiresAt');
  if (ttlSeconds !== undefined) draft.expiry = ttlSeconds;
}

function readTime(text: string, at: string, field: string): Date {
  const path = join(at, field);
  if (!hasZone(text)) {
    const message = 'must be an ISO 8601 time with a zone, such as 2026-01-31T09:00:00.000Z.';
    throw new Invalid([{ path, code: 'is_iso8601', message }]);
  }
  const time = parseTime(text);
  if (time === null)
    throw new Invalid([
      { path, code: 'is_iso8601', message: `"${text.slice(0, SHOWN)}" ${INVALID_TIME_HINT}` },
    ]);
  return new Date(time);
}

function checkId(id: string, at: string): void {
  const isDots = id === '.' || id === '..';
  if (!isDots && !looksLikeId(id)) return;
  const message = isDots
    ? 'must not be "." or "..", which clients take out of a path. Add a prefix.'
    : 'must not look like an id of Posthorn, such as evt_ and 32 digits, since paths accept both. Add a prefix.';
  throw new Invalid([{ path: join(at, 'id'), code: 'reserved_id', message }]);
}

const MESSAGES: Record<string, [code: string, message: string]> = {
  minLength: ['is_not_empty', 'must not be empty.'],
  maxLength: ['max_length', 'is too long.'],
  minimum: ['min', 'must be 1 or more.'],
  maxProperties: ['max_properties', `must be at most ${MAX_TAGS}.`],
};

/** `base`: where in the event the unknown field stands; `input`: the event, or null where nothing is compared. */
function adviceFor(field = '', base: string, input: unknown): string {
  const known = base === '' ? Object.keys(FIELDS) : Object.keys(SCOPE_FIELDS);
  const meant = input === null ? null : meantField(field, known, base === '' ? input : {});
  if (meant === null && base === 'scope') return 'Put it into "tags", beside "scope".';
  return meant === null ? 'Remove it, or move it into data.' : `Did you mean "${meant}"?`;
}

/** As many as an error names. Why a name does not fit is part of the problem that names it. */
function issuesOf(errors: ErrorObject[], at: string, input: unknown): Issue[] {
  const own = errors.filter(({ keyword, propertyName }) => !propertyName || keyword === 'propertyNames');
  return own.slice(0, MAX_ISSUES).map((error, index) => toIssue(error, at, input, index < MOST_HINTS));
}

function toIssue(error: ErrorObject, at: string, input: unknown, hasHint: boolean): Issue {
  const base = error.instancePath.slice(1).replaceAll('/', '.');
  const params = error.params as Record<string, string>;
  switch (error.keyword) {
    case 'required':
      return { path: join(at, base, params.missingProperty), code: 'required', message: 'is required.' };
    case 'additionalProperties':
      return {
        path: join(at, base, params.additionalProperty),
        code: 'unknown_field',
        message:
          `is not a field of ${base === '' ? 'an event' : base}. ` +
          adviceFor(params.additionalProperty, base, hasHint ? input : null),
      };
    case 'maximum':
      return { path: join(at, base), code: 'max', message: `must be ${params.limit} or less.` };
    case 'propertyNames':
      return {
        path: join(at, base, params.propertyName?.slice(0, SHOWN)),
        code: 'tag_name',
        message: 'must begin with a letter, and have up to 64 letters, digits, "_", "." and "-".',
      };
    case 'type':
      return { path: join(at, base), code: `is_${params.type}`, message: `must be of type ${params.type}.` };
    case 'pattern':
      return { path: join(at, base), code: 'matches', message: 'must not contain control characters.' };
    default: {
      const [code, message] = MESSAGES[error.keyword] ?? [error.keyword, error.message ?? 'is wrong.'];
      return { path: join(at, base), code, message };
    }
  }
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join('.');
}
