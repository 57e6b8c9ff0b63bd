import { Webhook } from 'standardwebhooks';
import {
  Conflict,
  EventTypesService,
  formatSecret,
  Invalid,
  NotFound,
  Rotation,
  SpacesService,
  TooLarge,
  type EmittedEvent,
  type TypedEvent,
} from '../../src/index.js';
import { nativeCatalogue } from '../../src/profiles/native/catalogue.js';
import { Order, useHost } from '../support/host-app.js';
import { lead } from '../support/lead.js';

declare module '../../src/index.js' {
  interface CustomEvents {
    'test.paid': { id: string; cents: number };
    'test.counted': { n?: bigint; list?: bigint[]; self?: object };
  }
}

const ACME = { space: 'acme' };

const { host, receiver } = useHost();

async function storedEvents(): Promise<number> {
  const [row] = await host.source.query<{ count: string }[]>(`SELECT count(*) FROM posthorn.events`);
  return Number(row?.count);
}

describe('WebhookEmitter', () => {
  it('writes a bigint with all its digits, and says so when data is no JSON', async () => {
    const { space } = await host.acme(receiver.url);
    await host.app.get(EventTypesService).put(space, 'test.counted', { description: 'A count.' });
    await host.emitter.emit(ACME, { type: 'test.counted', data: { n: 9007199254740993n, list: [-1n] } });
    const [request] = await receiver.received(1);
    expect(request?.body.toString()).toContain('"data":{"n":9007199254740993,"list":[-1]}');
    const data: { self?: object } = {};
    data.self = data;
    const refused = host.emitter.emit(ACME, { type: 'test.counted', data });
    await expect(refused).rejects.toThrow(Invalid);
    await expect(refused).rejects.toThrow('cannot be written as JSON');
  });

  it('publishes an event that arrives signed', async () => {
    const { subscription } = await host.acme(receiver.url);
    const emitted = await host.emitter.emit(ACME, {
      ...lead('l1'),
      id: 'o-1',
      occurredAt: new Date('2026-01-31T09:00:00Z'),
    });
    expect(emitted).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
      type: 'lead.create',
      duplicate: false,
      deliveries: 1,
    });
    const [request] = await receiver.received(1);
    const body = request?.body.toString() ?? '';
    expect(body).toBe('{"type":"lead.create","timestamp":"2026-01-31T09:00:00.000Z","data":{"id":"l1"}}');
    expect(request?.headers['webhook-id']).toBe(emitted.id);
    const [secret] = subscription ? host.app.get(Rotation).secretsOf(subscription) : [];
    const verifier = new Webhook(formatSecret(secret?.key ?? Buffer.alloc(0)));
    expect(verifier.verify(body, request?.headers as Record<string, string>)).toBeTruthy();
  });

  it('publishes many, in order, with all of them or none', async () => {
    await host.acme(receiver.url);
    const emitted = await host.emitter.emitMany(ACME, [
      lead('1'),
      { type: 'tag.create', data: exampleOf('tag.create') },
      lead('3'),
    ]);
    expect(emitted.map(({ type }) => type)).toEqual(['lead.create', 'tag.create', 'lead.create']);
    await receiver.received(3);
    await expect(host.emitter.emitMany(ACME, [lead('4'), untyped('lead.created')])).rejects.toThrow(
      '[1].type',
    );
    await expect(host.emitter.emitMany(ACME, Array<TypedEvent>(1_001).fill(lead('5')))).rejects.toThrow(
      TooLarge,
    );
    expect(await host.emitter.emitMany(ACME, [])).toEqual([]);
    expect(await storedEvents()).toBe(3);
  });

  it('answers a repeated id with the first event, and refuses it for another', async () => {
    await host.acme(receiver.url);
    const first = await host.emitter.emit(ACME, { ...lead('l1'), id: 'o-1' });
    expect(await host.emitter.emit(ACME, { ...lead('l1'), id: 'o-1' })).toEqual({
      ...first,
      duplicate: true,
    });
    await expect(host.emitter.emit(ACME, { ...lead('l2'), id: 'o-1' })).rejects.toThrow(Conflict);
    expect(await host.sentTo(receiver)).toEqual(['l1']);
  });

  it('says which space there is not', async () => {
    await expect(host.emitter.emit({ space: 'nobody' }, lead('1'))).rejects.toThrow(NotFound);
    await expect(host.emitter.emit({ space: 'nobody' }, lead('1'))).rejects.toThrow('"nobody"');
  });

  it('does not compile with an unknown name or the data of another type, and refuses them at run time', async () => {
    await host.acme();
    // @ts-expect-error there is no such event
    const unknown = host.emitter.emit(ACME, { type: 'lead.created', data: { id: '1' } });
    await expect(unknown).rejects.toThrow(Invalid);
    await expect(unknown).rejects.toThrow('type: "lead.created" is not in the space\'s catalogue');
    // @ts-expect-error a lead's email is a string or null
    await host.emitter.emit(ACME, { type: 'lead.create', data: { id: '1', email: 5 } });
    // @ts-expect-error data is required
    await expect(host.emitter.emit(ACME, { type: 'lead.create' })).rejects.toThrow('data: is required');
    // @ts-expect-error there is no such field
    const misspelt = host.emitter.emit(ACME, { ...lead('1'), occuredAt: new Date() });
    await expect(misspelt).rejects.toThrow('occuredAt');
  });

  it('refuses data no receiver could parse, before it stores anything', async () => {
    await host.acme();
    let deep: object = {};
    for (let level = 0; level < 100; level += 1) deep = { deep };
    await expect(
      host.emitter.emit(ACME, { type: 'lead.create', data: { id: '1', ...deep } }),
    ).rejects.toThrow(Invalid);
    expect(await storedEvents()).toBe(0);
  });

  it("takes every native event's example", async () => {
    await host.acme();
    const events = nativeCatalogue.map(({ name, example }) => ({ type: name, data: example }) as TypedEvent);
    const emitted: EmittedEvent[] = [];
    for (const event of events) emitted.push(await host.emitter.emit(ACME, event));
    expect(emitted.map(({ type }) => type)).toEqual(nativeCatalogue.map(({ name }) => name));
  });

  it("takes the host's own events, once the space has them", async () => {
    const { space } = await host.acme(receiver.url);
    const paid = { type: 'test.paid', data: { id: 'i1', cents: 100 } } as const;
    await expect(host.emitter.emit(ACME, paid)).rejects.toThrow(Invalid);
    await host.app.get(EventTypesService).put(space, 'test.paid', { description: 'An invoice was paid.' });
    await host.emitter.emit(ACME, paid);
    // @ts-expect-error cents are a number
    const wrong: TypedEvent = { type: 'test.paid', data: { id: 'i1', cents: '100' } };
    expect(wrong.type).toBe('test.paid');
    expect(await host.sentTo(receiver)).toEqual(['i1']);
  });
});

describe("inside the caller's transaction", () => {
  beforeEach(() => host.acme(receiver.url));

  it('makes the space where the caller says so, once for callers of the same moment', async () => {
    const options = { space: 'fresh', upsertSpace: true };
    await expect(host.emitter.emit({ space: 'fresh' }, lead('1'))).rejects.toThrow(NotFound);
    const none = { ...lead('1'), occurredAt: 'never' };
    await expect(host.emitter.emit(options, none)).rejects.toThrow(Invalid);
    await expect(host.emitter.emit({ space: 'fresh' }, lead('1'))).rejects.toThrow(NotFound);
    await Promise.all(['1', '2', '3'].map((id) => host.emitter.emit(options, lead(id))));
    const [made] = await host.source.query<{ spaces: string; events: string }[]>(
      `SELECT (SELECT count(*) FROM posthorn.spaces WHERE uid = 'fresh') AS spaces,
        (SELECT count(*) FROM posthorn.events e JOIN posthorn.spaces s ON s.id = e.space_id WHERE s.uid = 'fresh') AS events`,
    );
    expect(made).toEqual({ spaces: '1', events: '3' });
    await expect(host.emitter.emit({ ...options, space: 'a.b' }, lead('4'))).rejects.toThrow(NotFound);
  });

  it('the same call with the same idempotencyKey is answered with the first event, also in a transaction', async () => {
    const options = { ...ACME, idempotencyKey: 'import-7' };
    const first = await host.emitter.emit(options, lead('keyed'));
    const again = await host.emitter.emit(options, lead('keyed'));
    expect([again.id, again.duplicate]).toEqual([first.id, true]);
    await expect(host.emitter.emit(options, lead('other'))).rejects.toBeInstanceOf(Conflict);
    const inside = await host.source.transaction((manager) =>
      host.emitter.emit({ ...options, manager }, lead('keyed')),
    );
    expect([inside.id, inside.duplicate]).toEqual([first.id, true]);
  });

  it('an event leaves when the transaction commits, and not before', async () => {
    await host.source.transaction(async (manager) => {
      await manager.insert(Order, { id: 'o1' });
      await host.emitter.emit({ ...ACME, manager }, lead('o1'));
      // Another connection sees nothing yet.
      expect(await storedEvents()).toBe(0);
      expect(receiver.requests).toHaveLength(0);
    });
    await receiver.received(1);
    expect(await host.sentTo(receiver)).toEqual(['o1']);
  });

  it('a rollback takes the event along', async () => {
    const failing = host.source.transaction(async (manager) => {
      await manager.insert(Order, { id: 'o1' });
      await host.emitter.emitMany({ ...ACME, manager }, [{ ...lead('o1'), id: 'key' }, lead('o2')]);
      throw new Error('No.');
    });
    await expect(failing).rejects.toThrow('No.');
    expect(await storedEvents()).toBe(0);
    expect(await host.emitter.emit(ACME, { ...lead('later'), id: 'key' })).toMatchObject({
      duplicate: false,
    });
    expect(await host.sentTo(receiver)).toEqual(['later']);
  });

  it('a savepoint that is rolled back takes only its own events along', async () => {
    await host.source.transaction(async (manager) => {
      await host.emitter.emit({ ...ACME, manager }, lead('outer'));
      const inner = manager.transaction(async (nested) => {
        await host.emitter.emit({ ...ACME, manager: nested }, lead('undone'));
        throw new Error('No.');
      });
      await expect(inner).rejects.toThrow('No.');
      await manager.transaction((nested) => host.emitter.emit({ ...ACME, manager: nested }, lead('inner')));
      expect(receiver.requests).toHaveLength(0);
    });
    expect(await host.sentTo(receiver)).toEqual(['inner', 'outer']);
  });

  it('a released savepoint is undone with its transaction', async () => {
    const failing = host.source.transaction(async (manager) => {
      await manager.transaction((nested) => host.emitter.emit({ ...ACME, manager: nested }, lead('inner')));
      throw new Error('No.');
    });
    await expect(failing).rejects.toThrow('No.');
    expect(await host.sentTo(receiver)).toEqual([]);
  });

  it('transactions side by side enqueue their own events', async () => {
    const runners = [host.source.createQueryRunner(), host.source.createQueryRunner()];
    for (const [index, runner] of runners.entries()) {
      await runner.startTransaction();
      await host.emitter.emit({ ...ACME, manager: runner.manager }, lead(`o${index}`));
    }
    await runners[1]?.commitTransaction();
    await receiver.received(1);
    await runners[0]?.rollbackTransaction();
    // The same connection again: what was rolled back must not come with the next commit.
    await runners[0]?.startTransaction();
    await runners[0]?.commitTransaction();
    for (const runner of runners) await runner.release();
    expect(await host.sentTo(receiver)).toEqual(['o1']);
  });

  it('a refused event leaves the transaction usable', async () => {
    await host.emitter.emit(ACME, { ...lead('first'), id: 'key' });
    await host.source.transaction(async (manager) => {
      await manager.insert(Order, { id: 'o1' });
      const options = { ...ACME, manager };
      await expect(host.emitter.emit(options, { ...lead('other'), id: 'key' })).rejects.toThrow(Conflict);
      await expect(host.emitter.emit(options, untyped('lead.created'))).rejects.toThrow(Invalid);
      await host.emitter.emit(options, lead('o1'));
    });
    expect(await host.sentTo(receiver)).toEqual(['first', 'o1']);
    expect(await host.source.getRepository(Order).count()).toBe(1);
  });

  it('a manager without a transaction is refused: its event would survive a rollback', async () => {
    const outside = host.emitter.emit({ ...ACME, manager: host.source.manager }, lead('o1'));
    await expect(outside).rejects.toThrow('The manager is in no transaction');
    expect(await storedEvents()).toBe(0);
  });

  it('goes on after the data source was closed and opened again', async () => {
    const publish = (id: string) =>
      host.source.transaction((manager) => host.emitter.emit({ ...ACME, manager }, lead(id)));
    await publish('before');
    await host.source.destroy();
    await host.source.initialize();
    await publish('after');
    await receiver.received(2);
  });
});

function untyped(type: string): TypedEvent {
  return { type, data: {} } as unknown as TypedEvent;
}

function exampleOf(name: 'tag.create'): TypedEvent<'tag.create'>['data'] {
  return nativeCatalogue.find((type) => type.name === name)?.example as TypedEvent<'tag.create'>['data'];
}

it('holds events in a transaction to the limit of its space, too', async () => {
  const { space } = await host.acme(receiver.url);
  await host.app.get(SpacesService).update(space.id, { limits: { eventsPerSecond: 2 } });
  const emitMany = (count: number) =>
    host.source.transaction((manager) =>
      host.emitter.emitMany(
        { ...ACME, tx: manager },
        Array.from({ length: count }, (_none, n) => lead(`limited-${n}`)),
      ),
    );
  await emitMany(20);
  await expect(emitMany(1)).rejects.toThrow(/may publish 2 events a second.*limits\.eventsPerSecond/);
});
