import pg from 'pg';
import { rowsParameters, rowsSql, type Column } from '../../src/database/rows.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

interface Row {
  id: string;
  text: string | null;
  bytes: Buffer | null;
  number: number | null;
  large: number | null;
  time: Date | null;
  flag: boolean | null;
  real: number | null;
}

const COLUMNS: Column<Row>[] = [
  ['id', 'uuid', (row) => row.id],
  ['text', 'text', (row) => row.text],
  ['bytes', 'bytea', (row) => row.bytes],
  ['number', 'int', (row) => row.number],
  ['large', 'bigint', (row) => row.large],
  ['time', 'timestamptz', (row) => row.time],
  ['flag', 'bool', (row) => row.flag],
  ['real', 'real', (row) => row.real],
];

const NOTHING = { text: null, bytes: null, number: null, large: null, time: null, flag: null, real: null };
const ids = ['0199f3c2-7d10-7abc-8def-0123456789ab', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

describe('rows that travel as arrays', () => {
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

  const there = async (rows: Partial<Row>[]): Promise<Row[]> => {
    const whole = rows.map((row, index) => ({ id: ids[index % 2] as string, ...NOTHING, ...row }));
    const back = await client.query<Row>(
      `SELECT id, text, bytes, number, large::float8, time, flag, real FROM ${rowsSql(COLUMNS, 1)} r`,
      rowsParameters(COLUMNS, whole),
    );
    expect(back.rows).toHaveLength(rows.length);
    expect(back.rows.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    return back.rows;
  };

  it.each([
    [
      'text',
      ['{"a":"\\"x\\\\"}', '', null, 'ä€😀\n', '{NULL,"}', "'; DROP TABLE x", 'NULL', ' blank ', null, 'x'],
    ],
    ['bytes', [Buffer.from([0, 255, 92, 34]), null, Buffer.alloc(0), Buffer.alloc(70_000, 7)]],
    ['text', ['same', 'same', null, 'same', 'other', 'other', '', '', 'same']],
    // Longer than what is kept to write into.
    ['text', ['short', 'ä'.repeat(900_000), 'ä'.repeat(900_000), null, 'x'.repeat(3_000_000), 'short']],
    ['number', [1, null, -3, 2_147_483_647, -2_147_483_648, 0]],
    ['large', [0, null, -1, Number.MAX_SAFE_INTEGER]],
    ['flag', [true, false, null, true]],
    ['real', [0.5, null, 1e-7, -3.25, 12_345.67]],
    [
      'time',
      [
        '2026-01-02T03:04:05.678Z',
        '1999-12-31T23:59:59.999Z',
        '0001-01-01T00:00:00Z',
        '9999-12-31T23:59:59.999Z',
      ]
        .map((text) => new Date(text))
        .flatMap((time) => [time, null, time]),
    ],
  ] as const)('give back every %s', async (name, values) => {
    const back = await there(values.map((value) => ({ [name]: value })));
    expect(back.map((row) => row[name])).toEqual(values);
  });

  it('may have the same id one after the other', async () => {
    const same = [0, 0, 1, 1, 0].map((index) => ({ id: ids[index] as string }));
    expect((await there(same)).map(({ id }) => id)).toEqual(same.map(({ id }) => id));
  });

  it('may all be null but for one column, or be none', async () => {
    expect(await there([{}, {}, {}])).toEqual([0, 1, 0].map((n) => ({ id: ids[n], ...NOTHING })));
    expect(await there([])).toEqual([]);
  });

  it('never become another id than was meant', async () => {
    for (const id of [
      '',
      'x',
      ids[0]?.toUpperCase(),
      `${ids[0]}0`,
      ids[0]?.slice(1),
      ids[0]?.replace('7', 'g'),
    ]) {
      await expect(there([{ id: id }])).rejects.toThrow('is no UUID');
    }
  });

  it('never become another number than was meant', async () => {
    for (const number of [2 ** 31, -(2 ** 31) - 1]) {
      await expect(there([{ number }])).rejects.toThrow('out of range');
    }
    await expect(there([{ large: 2 ** 63 }])).rejects.toThrow('out of range');
  });

  it('are refused by the database where a text cannot be one', async () => {
    await expect(there([{ text: 'a\0b' }])).rejects.toThrow(/0x00/);
  });
});
