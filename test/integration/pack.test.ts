import pg from 'pg';
import { pack, plainArray, textArray, unpackedBytes, unpackedText } from '../../src/database/pack.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const itself = <T>(value: T): T => value;

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
      `SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::bool[], $4::real[], $5::uuid[])
        AS p (number, time, flag, real, id)`,
      [
        plainArray([1, null, -3], itself),
        plainArray([at, null, null], itself),
        plainArray([true, false, true], itself),
        plainArray([0.5, 1e-7, null], itself),
        plainArray([null, null, null], itself),
      ],
    );
    expect(rows).toEqual([
      { number: 1, time: at, flag: true, real: 0.5, id: null },
      { number: null, time: null, flag: false, real: 1e-7, id: null },
      { number: -3, time: null, flag: true, real: null, id: null },
    ]);
  });

  it('carry any text in an array', async () => {
    const texts = [
      'lead.create',
      '',
      null,
      'NULL',
      '{a,"b"}',
      'back\\slash "quoted"',
      ' blank ',
      'ä€😀\n',
      null,
      'x',
    ];
    const { rows } = await client.query<{ text: string | null }>(`SELECT unnest($1::text[]) AS text`, [
      textArray(texts, itself),
    ]);
    expect(rows.map(({ text }) => text)).toEqual(texts);
  });
});
