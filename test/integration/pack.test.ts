import pg from 'pg';
import { pack, plainArray, unpackedBytes, unpackedText } from '../../src/database/pack.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('packed parameters', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const unpack = async (values: (string | Buffer | null)[], unpacked: typeof unpackedText) => {
    const { rows } = await client.query<{ value: unknown }>(
      `SELECT ${unpacked('$1', 'start', 'length')} AS value FROM unnest($2::int[], $3::int[]) AS p (start, length)`,
      pack(values),
    );
    return rows.map(({ value }) => value);
  };

  it('give back every text, whatever is in it', async () => {
    const texts = ['{"a":"\\"x\\\\"}', '', null, 'ä€😀', '{NULL,"}', "'; DROP TABLE x"];
    expect(await unpack(texts, unpackedText)).toEqual(texts);
  });

  it('give back bytes', async () => {
    const bytes = [Buffer.from([0, 255, 92, 34]), null, Buffer.alloc(0), Buffer.alloc(70_000, 7)];
    expect(await unpack(bytes, unpackedBytes)).toEqual(bytes);
  });

  it('carry ids, numbers, times and nulls as arrays', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const { rows } = await client.query(
      'SELECT $1::int[] AS numbers, $2::timestamptz[] AS times, $3::bool[] AS flags, $4::real[] AS reals',
      [plainArray([1, null, -3]), plainArray([at, null]), plainArray([true, false]), plainArray([0.5, 1e-7])],
    );
    expect(rows).toEqual([
      { numbers: [1, null, -3], times: [at, null], flags: [true, false], reals: [0.5, 1e-7] },
    ]);
  });
});
