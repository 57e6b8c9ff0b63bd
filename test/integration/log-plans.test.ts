/** @jest-environment ./test/support/leak-environment.mjs */
import type { DataSource, QueryRunner } from 'typeorm';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { listStatement, uneven } from '../../src/database/list-statement.js';
import { expireEvents } from '../../src/deliveries/expire-deliveries.js';
import { FIRST_SPACE, takeInbox } from '../../src/event-store/inbox-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('a page of a rare type', () => {
  const space = newUuid(Date.now());
  let copy: TestDatabase;
  let source: DataSource;
  let runner: QueryRunner;
  beforeAll(async () => {
    copy = await createTestDatabase();
    source = createDataSource({ url: copy.url, entities: [] });
    await connect(source);
    runner = source.createQueryRunner();
    // One type only: statistics then say that any type asked for is common.
    await runner.query(
      `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
       SELECT uuidv7(), $1, uuidv7(), 'lead.create', $1, 'succeeded', 'event', 6 FROM generate_series(1, 20000)`,
      [space],
    );
    await runner.query(`ANALYZE posthorn.deliveries`);
  });
  afterAll(async () => {
    await runner.release();
    await source.destroy();
    await copy.drop();
  });

  const planOf = async (type: string, order: 'asc' | 'desc', after: string | null) => {
    const { statement, values } = listStatement({
      name: 'deliveries',
      select: `SELECT id FROM posthorn.deliveries`,
      key: 'id',
      conditions: [[(p) => `space_id = ${p}`, space], ...uneven('event_type', type)],
      after,
      order,
      limit: 26,
    });
    expect(statement.name).toBe('');
    const rows: { 'QUERY PLAN': string }[] = await runner.query(`EXPLAIN ${statement.text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it.each([
    ['newest', 'desc', null],
    ['oldest', 'asc', null],
    ['next', 'desc', newUuid(Date.now() + 60_000)],
  ] as const)('goes by the index of types: the %s ones', async (_name, order, after) => {
    const plan = await planOf('lead.update', order, after);
    expect(plan).toMatch(/Index.*space_id_event_type_id_idx/);
    expect(plan).not.toMatch(/Filter|Sort {2}\(/);
  });

  it('takes a type as a text, whatever it says', async () => {
    const type = `x' OR true --\\' \\`;
    const { statement, values } = listStatement({
      name: 'deliveries',
      select: `SELECT id FROM posthorn.deliveries`,
      key: 'id',
      conditions: uneven('event_type', type),
      after: null,
      order: 'asc',
      limit: 26,
    });
    expect(await runner.query(statement.text, values)).toEqual([]);
  });
});

describe('the looks of a worker', () => {
  let copy: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    copy = await createTestDatabase();
    source = createDataSource({ url: copy.url, entities: [] });
    await connect(source);
  });
  afterAll(async () => {
    await source.destroy();
    await copy.drop();
  });

  // A day has no statistics at first, and looks so small that reading all of it seems cheap.
  it('for events that expire reads no delivery where none is due', async () => {
    const space = newUuid(Date.now());
    await source.query(
      `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
       SELECT uuidv7(), $1, uuidv7(), 'lead.create', $1, 'succeeded', 'event', 6 FROM generate_series(1, 5000)`,
      [space],
    );
    const plans: string[][] = [];
    const explain = async <Row>({ text }: { text: string }, values?: unknown[]): Promise<Row[]> => {
      const rows: { 'QUERY PLAN': string }[] = await source.query(`EXPLAIN (ANALYZE) ${text}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']));
      return [];
    };
    await expireEvents(explain, new Date());
    const scans = plans.flat().filter((line) => /Scan .*on deliveries/.test(line));
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.filter((line) => !line.includes('never executed'))).toEqual([]);
  });

  // Statistics then say that every event is of the one space.
  it('for events from SQL reads none of a space that has very many to find those of another', async () => {
    const [flood, other] = [newUuid(Date.now() - 1), newUuid(Date.now())];
    await source.query(
      `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at)
       SELECT id, 'a', 'native', now(), now() FROM unnest($1::uuid[]) id`,
      [[flood, other]],
    );
    const fill = (space: string, count: number) =>
      source.query(
        `INSERT INTO posthorn.inbox (id, space_id, type, data, options)
         SELECT posthorn.new_event_id(), $1, 'lead.create', '{}', '{}' FROM generate_series(1, $2::int)`,
        [space, count],
      );
    await fill(flood, 20_000);
    await source.query('ANALYZE posthorn.inbox');
    await fill(other, 1);
    const plan: string[] = [];
    const explain = async <Row>({ text }: { text: string }, values?: unknown[]): Promise<Row[]> => {
      const rows: { 'QUERY PLAN': string }[] = await source.query(`EXPLAIN (ANALYZE) ${text}`, values);
      plan.push(...rows.map((row) => row['QUERY PLAN']));
      return [];
    };
    await takeInbox(explain, 100, [], FIRST_SPACE);
    expect(plan.filter((line) => /Scan .*on inbox/.test(line)).join()).toContain('inbox_spaces');
    const passedOver = plan.flatMap((line) => /Rows Removed by Filter: (\d+)/.exec(line)?.[1] ?? []);
    expect(Math.max(0, ...passedOver.map(Number))).toBeLessThan(10);
  });
});
