import { HEADER_NAME_FORM, HEADER_VALUE_FORM } from '../core/header-rules.js';
import { MAX_TAG_VALUE, MAX_TAG_VALUES, MAX_TAGS, TAG_NAME_FORM } from '../core/tags.js';
import { STORABLE, STORABLE_NAME } from '../http/input-schemas.js';

/** What the OpenAPI document says of a subscription's fields that have a grammar of their own. */

const SCALAR = {
  anyOf: [{ type: 'string', pattern: STORABLE }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
};
const VALUES = { type: 'array', minItems: 1, maxItems: 100, items: SCALAR };
const IN = { type: 'object', properties: { in: VALUES }, required: ['in'], additionalProperties: false };
const LIMIT = { type: 'number' };
const AFFIX = { type: 'string', minLength: 1, maxLength: 256, pattern: STORABLE };
const one = (operator: string) => ({
  type: 'object',
  properties: { [operator]: AFFIX },
  required: [operator],
  additionalProperties: false,
});

const CONDITION = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    in: VALUES,
    not: { anyOf: [...SCALAR.anyOf, IN, one('prefix'), one('suffix')] },
    prefix: AFFIX,
    suffix: AFFIX,
    gt: LIMIT,
    gte: LIMIT,
    lt: LIMIT,
    lte: LIMIT,
    exists: { type: 'boolean' },
  },
};

const conditions = (alternatives: object | null) => ({
  type: 'object',
  maxProperties: 32,
  propertyNames: { maxLength: 256, pattern: STORABLE_NAME },
  ...(alternatives && { properties: { $or: alternatives } }),
  additionalProperties: { anyOf: [...SCALAR.anyOf, CONDITION] },
});

/** `$or`: one of these filters holds. They may have such lists themselves, four levels in all. */
const anyOf = (depth: number): object => ({
  anyOf: [
    {
      type: 'array',
      minItems: 1,
      maxItems: 31,
      items: { ...conditions(depth > 1 ? anyOf(depth - 1) : null), minProperties: 1 },
    },
    ...SCALAR.anyOf,
    CONDITION,
  ],
});

/** Conditions on the event's data (`core/filter.ts`). */
export const FILTER = conditions(anyOf(4));

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
  pattern: '^(?:\\*|[^*\\u0000]+(?:\\.\\*)?)$',
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

/** The address of an endpoint or a token server. */
export const HTTP_URL = { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' };

/** Printable ASCII, at least one character. */
export const PRINTABLE_ASCII = '^[\\x20-\\x7e]+$';
