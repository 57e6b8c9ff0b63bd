/** @jest-environment ./test/support/leak-environment.mjs */
import { Logger } from '@nestjs/common';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Invalid } from '../../src/core/errors.js';
import type { Database } from '../../src/database/database.js';
import type { Routes, RoutingTable } from '../../src/endpoints/routing.js';
import { DataValidator } from '../../src/event-types/data-validator.js';
import { SpaceTypes } from '../../src/event-types/space-types.js';
import { DataCheck } from '../../src/events/data-check.js';
import type { EventDraft } from '../../src/events/draft.js';
import { refusalOfTypes } from '../../src/events/type-rules.js';
import type { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { loopBudgetTaken } from '../support/budget.js';

const SPACE = '0199c2f0-4f3b-7a52-b8d1-e6a3c9f70412';
const SCHEMA = {
  type: 'object',
  required: ['lead'],
  properties: {
    lead: { type: 'object', properties: { email: { type: 'string', pattern: '^[^@]+@[^@]+$' } } },
    items: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
  },
};
/** The differences of a text are named with long names, twenty of each. */
const LONG = { type: 'object', required: Array.from({ length: 20 }, (_one, n) => `${n}${'x'.repeat(190)}`) };

/** All that a publish of these texts does because of validation, with the rules in memory. */
function checkOf(schema: object, texts: string[], validation: 'warn' | 'enforce' = 'enforce') {
  const validator = new DataValidator();
  const rule = { name: 'a.b', validation, hash: 'h', deprecated: false, replacedBy: null, versions: null };
  const types = new SpaceTypes({
    ...{ profile: 'native', own: new Set(['a.b']), ownRules: [rule], catalogue: null },
    instance: { revision: 0, types: new Map() },
    defaults: { builtInEvents: true, validation: 'off' },
  });
  const routes = { version: 1, profile: 'native', types } as unknown as Routes;
  const database = {
    sql: () => Promise.resolve([{ text: JSON.stringify(schema) }]),
  } as unknown as Database;
  const table = { current: () => Promise.resolve(new Map([[SPACE, routes]])) } as unknown as RoutingTable;
  const metrics = { counters: { dataMismatches: { inc: () => undefined } } } as unknown as ProcessMetrics;
  const check = new DataCheck(database, table, validator, metrics);
  const publish = async () => {
    const drafts = texts.map((text, index): EventDraft => ({
      at: `[${index}]`,
      type: 'a.b',
      text,
      data: {},
      scope: {},
    }));
    const store = () => Promise.resolve(refusalOfTypes(drafts, routes));
    const stored = check.around({ spaceId: SPACE, drafts }, routes, store);
    return stored.then(
      (refusal) => refusal === null,
      (error: unknown) => (error instanceof Invalid ? error.issues?.length : error),
    );
  };
  return { publish, end: () => validator.onModuleDestroy() };
}

const lead = (more: object) => JSON.stringify({ lead: { email: 'a@b.c' }, ...more });
const MANY = lead({ items: Array.from({ length: 23_000 }, (_one, n) => ({ n: n % 1_000 })) });
const SMALL = Array.from({ length: 1_000 }, (_one, n) => lead({ name: `Ada ${n}` }));

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterAll(() => {
  Logger.overrideLogger(true);
});

describe('validation keeps the event loop for less than a millisecond a publish', () => {
  it.each<[string, object, string[], boolean | number, 'warn' | 'enforce']>([
    ['256 KiB of one text', SCHEMA, [lead({ note: 'x'.repeat(256 * 1024 - 60) })], true, 'enforce'],
    ['256 KiB of values', SCHEMA, [MANY], true, 'enforce'],
    ['1,000 events', SCHEMA, SMALL, true, 'enforce'],
    ['1,000 events that differ in 20 places each', LONG, SMALL, 100, 'enforce'],
    ['the same, stored with warnings', LONG, SMALL, true, 'warn'],
  ])('%s', async (_what, schema, texts, expected, validation) => {
    const { publish, end } = checkOf(schema, texts, validation);
    try {
      expect(await publish()).toBe(expected);
      expect(await loopBudgetTaken(publish)).toBeLessThan(1);
    } finally {
      await end();
    }
  });

  it('10,000 events, one after the other', async () => {
    const { publish, end } = checkOf(SCHEMA, SMALL.slice(0, 1));
    try {
      const all = async () => {
        for (let n = 0; n < 10_000; n += 1) await publish();
      };
      expect((await loopBudgetTaken(all, 1)) / 10_000).toBeLessThan(1);
    } finally {
      await end();
    }
  }, 60_000);

  // So it is seen that the measure sees what it is for.
  it('which compiling and comparing there would not', async () => {
    const onTheLoop = () => Promise.resolve(new Ajv2020().compile(SCHEMA)(JSON.parse(MANY)));
    expect(await loopBudgetTaken(onTheLoop, 5)).toBeGreaterThan(1);
  });
});
