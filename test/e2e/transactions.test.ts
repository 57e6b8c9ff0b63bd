/** @jest-environment ./test/support/leak-environment.mjs */
import pg from 'pg';
import { Conflict, Invalid, TransactionRefused, type TypedEvent } from '../../src/index.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HostApp } from '../support/host-app.js';
import { HOST_CLIENTS, type HostClient } from '../support/host-clients.js';
import { lead } from '../support/lead.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

/** With 40 events more matches than one statement writes. */
const WIDE_SUBSCRIPTIONS = 60;

let host: HostApp;
let receiver: Receiver;
let other: TestDatabase;

beforeAll(async () => {
  receiver = await startReceiver();
  host = await HostApp.start();
  await host.acme(receiver.url);
  other = await createTestDatabase();
  const client = new pg.Client({ connectionString: other.url });
  await client.connect();
  await client.query('CREATE TABLE orders (id text PRIMARY KEY)');
  await client.end();
});
afterAll(async () => {
  await host.close();
  await receiver.close();
  await other.drop();
});

const ids = () =>
  receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { data: { id: string } }).data.id);
const arrived = (id: string) => eventually(() => ids().includes(id));
const orders = async (id: string) =>
  (await host.source.query<unknown[]>('SELECT FROM orders WHERE id = $1', [id])).length;
const stored = async (id: string) => {
  const [row] = await host.source.query<{ count: string }[]>(
    `SELECT count(*) FROM posthorn.events WHERE data::jsonb ->> 'id' = $1`,
    [id],
  );
  return Number(row?.count);
};

describe.each(Object.keys(HOST_CLIENTS))('in a transaction of %s', (name) => {
  const open = HOST_CLIENTS[name] as (url: string) => Promise<HostClient>;
  const id = (text: string) => `${name}: ${text} "quoted" \\ {and} ?, $1, ümlaut 🎺`;
  let client: HostClient;
  beforeAll(async () => {
    client = await open(host.options.databaseUrl);
  });
  afterAll(() => client.close());

  it('an event leaves with the commit, and with the order', async () => {
    const one = id('committed');
    await client.transaction(async (tx, write) => {
      await write(one);
      const emitted = await host.emitter.emit(
        { space: 'acme', tx },
        {
          ...lead(one),
          id: one,
          occurredAt: '2026-01-31T09:00:00Z',
          ttlSeconds: 3_600,
          subjectId: one,
          scope: { clientId: one },
        },
      );
      expect(emitted).toMatchObject({ type: 'lead.create', duplicate: false, deliveries: 1 });
      expect(await stored(one)).toBe(0);
    });
    await arrived(one);
    expect(await orders(one)).toBe(1);
    const repeated = host.emitter.emit({ space: 'acme' }, { ...lead(one), id: one });
    await expect(repeated).rejects.toThrow(Conflict);
  });

  it('a rollback takes the event along, and frees its id', async () => {
    const one = id('rolled back');
    const failing = client.transaction(async (tx, write) => {
      await write(one);
      await host.emitter.emitMany({ space: 'acme', tx }, [{ ...lead(one), id: one }, lead(one)]);
      throw new Error('No.');
    });
    await expect(failing).rejects.toThrow('No.');
    expect([await orders(one), await stored(one)]).toEqual([0, 0]);
    expect(await host.emitter.emit({ space: 'acme' }, { ...lead(one), id: one })).toMatchObject({
      duplicate: false,
    });
  });

  it('a refused event leaves the transaction usable, and a repeated one is the first', async () => {
    const one = id('repeated');
    await client.transaction(async (tx, write) => {
      const options = { space: 'acme', tx };
      const first = await host.emitter.emit(options, { ...lead(one), id: one });
      const again = await host.emitter.emit(options, { ...lead(one), id: one });
      expect(again).toEqual({ ...first, duplicate: true });
      await expect(host.emitter.emit(options, { ...lead('other'), id: one })).rejects.toThrow(Conflict);
      const unknown = { ...lead(one), type: 'lead.created' } as unknown as TypedEvent;
      await expect(host.emitter.emit(options, unknown)).rejects.toThrow(Invalid);
      await write(one);
    });
    await arrived(one);
    expect([await orders(one), await stored(one)]).toEqual([1, 1]);
  });

  it('refuses the object that is in no transaction, and one whose transaction has ended', async () => {
    const one = id('outside');
    const outside = host.emitter.emit({ space: 'acme', tx: client.outside }, lead(one));
    await expect(outside).rejects.toThrow(TransactionRefused);
    await expect(outside).rejects.toThrow(/no transaction|is not a transaction/);
    let ended: object = {};
    await client.transaction((tx) => {
      ended = tx;
      return Promise.resolve();
    });
    await expect(host.emitter.emit({ space: 'acme', tx: ended }, lead(one))).rejects.toThrow(
      TransactionRefused,
    );
    expect(await stored(one)).toBe(0);
  });

  it('refuses a transaction on another database, and leaves it usable', async () => {
    const elsewhere = await open(other.url);
    try {
      await elsewhere.transaction(async (tx, write) => {
        const refused = host.emitter.emit({ space: 'acme', tx }, lead(id('elsewhere')));
        await expect(refused).rejects.toThrow(/The transaction is on another database, "test_/);
        await write(id('usable'));
      });
      await elsewhere
        .transaction(async (tx, write) => {
          await expect(write(id('usable'))).rejects.toThrow();
          const failed = host.emitter.emit({ space: 'acme', tx }, lead(id('failed')));
          await expect(failed).rejects.toThrow(TransactionRefused);
          throw new Error('Over.');
        })
        .catch((error: unknown) => expect((error as Error).message).toMatch('Over.'));
    } finally {
      await elsewhere.close();
    }
  });
});

it('writes many deliveries in slices in a transaction of another library', async () => {
  const { space } = await host.wideSpace(WIDE_SUBSCRIPTIONS);
  const client = await (HOST_CLIENTS.Kysely as (url: string) => Promise<HostClient>)(
    host.options.databaseUrl,
  );
  const events = Array.from({ length: 40 }, (_none, n) => ({ ...lead(`wide ${n}`), id: `wide ${n}` }));
  await client.transaction(async (tx) => {
    const emitted = await host.emitter.emitMany({ space, tx }, events);
    expect(emitted.every(({ deliveries }) => deliveries === WIDE_SUBSCRIPTIONS)).toBe(true);
  });
  await client.close();
  expect(await stored('wide 39')).toBe(1);
});

it('says why nothing can be stored in a read-only transaction', async () => {
  const client = new pg.Client({ connectionString: host.options.databaseUrl });
  await client.connect();
  await client.query('BEGIN READ ONLY');
  const emitting = host.emitter.emit({ space: 'acme', tx: client }, lead('read-only'));
  await expect(emitting).rejects.toThrow(/cannot execute .* in a read-only transaction.*Roll/);
  await client.query('ROLLBACK');
  await client.end();
  expect(await stored('read-only')).toBe(0);
});

it.each([
  [{ tx: null }, 'tx: null is not a transaction.'],
  [{ tx: {} }, 'It is not a transaction that Posthorn knows.'],
  [{ manager: 7 }, 'manager: 7 is not a transaction.'],
  [{ tx: {}, manager: {} }, 'Give one transaction, not tx and manager.'],
  [{ tx: { query: () => Promise.resolve([]) } }, 'returned no rows'],
  [{ tx: { query: () => Promise.reject(new Error('You have an error in your SQL syntax')) } }, 'SQL syntax'],
])('refuses %o', async (options, message) => {
  const emitting = host.emitter.emit({ space: 'acme', ...(options as { tx: object }) }, lead('odd'));
  await expect(emitting).rejects.toThrow(TransactionRefused);
  await expect(emitting).rejects.toThrow(message);
});
