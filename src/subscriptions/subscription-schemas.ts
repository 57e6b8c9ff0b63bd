import { EVENT_TYPE_NAME_SCHEMA } from '../core/event-type-name.js';
import { MAX_VERSION } from '../core/type-versions.js';
import { HEADER_NAME_FORM, HEADER_VALUE_FORM } from '../core/header-rules.js';
import { MAX_TAG_VALUE, MAX_TAG_VALUES, MAX_TAGS, TAG_NAME_FORM } from '../core/tags.js';
import { MAX_PINS } from './check-pins.js';
import { component, NOT_INHERITED, STORABLE } from '../http/input-schemas.js';

/** What the OpenAPI document says of a subscription's fields that have a grammar of their own. */

const SCALAR = {
  anyOf: [{ type: 'string', pattern: STORABLE }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
};
const VALUES = { type: 'array', minItems: 1, maxItems: 100, items: SCALAR };
const LIMIT = { type: 'number' };
const AFFIX = { type: 'string', minLength: 1, maxLength: 256, pattern: STORABLE };

/* Each a component of its own: generators of clients give names to unions of objects only where these have some. */
const EXCLUSION = component('FilterExclusion', {
  type: 'object',
  description: 'What a value must not be: one of these.',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: { in: VALUES, prefix: AFFIX, suffix: AFFIX },
});

const CONDITION = component('FilterCondition', {
  type: 'object',
  description: 'All of these must hold.',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    in: VALUES,
    not: { anyOf: [...SCALAR.anyOf, EXCLUSION] },
    prefix: AFFIX,
    suffix: AFFIX,
    gt: LIMIT,
    gte: LIMIT,
    lt: LIMIT,
    lte: LIMIT,
    exists: { type: 'boolean' },
  },
});

const FILTER_VALUE = component('FilterValue', {
  description: 'The value at a path is this one, or meets the condition.',
  anyOf: [...SCALAR.anyOf, CONDITION],
});

/** A key in brackets, and a name between dots: `core/filter-path.ts`. */
const KEY = String.raw`\["(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"\]`;
const NAME = String.raw`[^.[\u0000]+`;
const WITHOUT_KEYS = String.raw`(?![\s\S]*\[")[^.\u0000]+(?:\.[^.\u0000]+)*`;
const PATH = component('FilterPath', {
  type: 'string',
  description: 'Names with dots between them, and keys with dots in brackets: `lead["a.b"].c`.',
  maxLength: 256,
  pattern: `^${NOT_INHERITED}(?:${WITHOUT_KEYS}|(?:${KEY}|${NAME})(?:${KEY}|\\.${NAME})*)$`,
});

/** In all, those of alternatives included (`core/filter.ts`). */
const MAX_CONDITIONS = 32;
const MAX_DEPTH = 4;

/**
 * A filter inside of `depth` lists of alternatives, each of which counts as a condition. The most that it can have
 * itself is what those leave: how many all of its alternatives have together, no schema can say.
 */
function filterAt(depth: number): object {
  const values = depth < MAX_DEPTH ? [alternativesAt(depth), FILTER_VALUE] : [FILTER_VALUE];
  return component(`Filter${depth === 0 ? '' : depth}`, {
    type: 'object',
    description:
      depth === 0
        ? 'Conditions on the data of events, by path.'
        : `A filter among alternatives, ${depth} deep.`,
    ...(depth > 0 && { minProperties: 1 }),
    maxProperties: MAX_CONDITIONS - depth,
    propertyNames: PATH,
    properties: { $or: { anyOf: values } },
    additionalProperties: FILTER_VALUE,
  });
}

const alternativesAt = (depth: number) => ({
  type: 'array',
  description: 'One of these filters holds.',
  minItems: 1,
  maxItems: MAX_CONDITIONS - 1 - depth,
  items: filterAt(depth + 1),
});

/** Conditions on the event's data (`core/filter.ts`). */
export const FILTER = { allOf: [filterAt(0)] };

/** Request headers of the subscription's own (`core/header-rules.ts`). */
export const HEADERS = {
  type: 'object',
  maxProperties: 50,
  propertyNames: { pattern: HEADER_NAME_FORM },
  additionalProperties: { type: 'string', pattern: HEADER_VALUE_FORM },
};

/** An event type, or a pattern (`core/event-pattern.ts`). */
export const PATTERN = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  pattern: '^(?:\\*|[^*\\u0000]+(?:[.:]\\*)?)$',
};

/** Versions of event types, by name. */
export const PINS = {
  type: 'object',
  nullable: true,
  maxProperties: MAX_PINS,
  propertyNames: {
    ...EVENT_TYPE_NAME_SCHEMA,
    pattern: EVENT_TYPE_NAME_SCHEMA.pattern.replace('^', `^${NOT_INHERITED}`),
  },
  additionalProperties: { type: 'integer', minimum: 1, maximum: MAX_VERSION },
};

const TAG_VALUE = { type: 'string', minLength: 1, maxLength: MAX_TAG_VALUE, pattern: STORABLE };

/** The tags that a subscription wants (`core/tags.ts`). */
export const WANTED_TAGS = {
  type: 'object',
  minProperties: 1,
  maxProperties: MAX_TAGS,
  propertyNames: { pattern: TAG_NAME_FORM },
  additionalProperties: {
    anyOf: [TAG_VALUE, { type: 'array', minItems: 1, maxItems: MAX_TAG_VALUES, items: TAG_VALUE }],
  },
};

const without = (...fields: string[]) => ({ anyOf: fields.map((field) => ({ required: [field] })) });

/** Only the field that the level names, and that one. */
export const SCOPE_RULE = {
  oneOf: [
    {
      properties: { level: { const: 'space' } },
      required: ['level'],
      not: without('clientId', 'campaignId', 'tags'),
    },
    {
      properties: { level: { const: 'client' } },
      required: ['level', 'clientId'],
      not: without('campaignId', 'tags'),
    },
    {
      properties: { level: { const: 'campaign' } },
      required: ['level', 'campaignId'],
      not: without('clientId', 'tags'),
    },
    {
      properties: { level: { const: 'tags' } },
      required: ['tags'],
      not: without('clientId', 'campaignId'),
    },
  ],
};

/** A template with the format that has one, and with no other. */
export const BODY_RULE = {
  oneOf: [
    { properties: { format: { const: 'template' } }, required: ['template'] },
    { properties: { format: { not: { const: 'template' } } }, not: { required: ['template'] } },
  ],
};

/** Messages for products are JSON. */
export const FORM_RULE = {
  not: {
    required: ['contentType', 'body'],
    properties: {
      contentType: { const: 'form' },
      body: {
        type: 'object',
        required: ['format'],
        properties: { format: { enum: ['slack', 'teams', 'discord'] } },
      },
    },
  },
};

/** The address of an endpoint or a token server. */
export const HTTP_URL = { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' };

/** Printable ASCII, at least one character. */
export const PRINTABLE_ASCII = '^[\\x20-\\x7e]+$';
