import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { PosthornModule, type PosthornListenOptions, StartupError, WebhookEvents } from '../../src/index.js';
import { staysSo } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';

interface Payload {
  account?: string;
  id?: string;
}

const LISTEN: PosthornListenOptions = {
  to: EventEmitter2,
  patterns: ['lead.*', 'tag.**', 'order:paid'],
  space: ({ account }: Payload) => account,
  event: ({ id }: Payload, name) =>
    name === 'order:paid' ? { type: 'lead.create', data: { id: `of-${id}` }, id: `order-${id}` } : null,
};

describe.each([
  ['plain', {}],
  ['with wildcards', { wildcard: true }],
])('a host whose emitter is %s', (_kind, emitting) => {
  let host: HostApp;
  const { event: _event, ...asEmitted } = LISTEN;
  const problems: unknown[] = [];

  async function start(listen: PosthornListenOptions): Promise<EventEmitter2> {
    host = await HostApp.start({ imports: [EventEmitterModule.forRoot(emitting)], listen });
    await host.acme();
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, warn: ignore, error: (problem) => problems.push(problem) });
    return host.app.get(EventEmitter2);
  }

  async function published() {
    const { data } = await host.app.get(WebhookEvents).list('acme', { order: 'asc' });
    return data.map(({ type, uid }) => [type, uid]);
  }

  beforeEach(() => (problems.length = 0));
  afterEach(() => host.close());

  it('publishes what matches, under its name, and nothing else', async () => {
    const emitter = await start(asEmitted);
    await emitter.emitAsync('lead.create', { account: 'acme', id: 'l1' });
    await emitter.emitAsync('tag.create', { account: 'acme', id: 't1', name: 'new' });
    await emitter.emitAsync('invoice.paid', { account: 'acme' });
    await emitter.emitAsync('lead', { account: 'acme' });
    await emitter.emitAsync('lead.update', { id: 'of nobody' });
    await emitter.emitAsync(Symbol('lead.create'), { account: 'acme' });
    if ('wildcard' in emitting) await emitter.emitAsync(['lead', 'delete'], { account: 'acme', id: 'l1' });
    const last = 'wildcard' in emitting ? [['lead.delete', null]] : [];
    expect(await published()).toEqual([['lead.create', null], ['tag.create', null], ...last]);
    expect(problems).toEqual([]);
  });

  it('lets no failure reach the code that emits, and says it in the log', async () => {
    const emitter = await start(asEmitted);
    await emitter.emitAsync('lead.create', { account: 'nobody', id: 'l1' });
    await emitter.emitAsync('lead.unknown', { account: 'acme' });
    await emitter.emitAsync('lead.create', 'of no account');
    await emitter.emitAsync('lead.create', null);
    expect(await published()).toEqual([]);
    expect(problems).toMatchObject(Array(3).fill({ msg: 'event.not_published' }));
  });

  it('publishes what a function makes of it, once for an id, and waits for it when it closes', async () => {
    const emitter = await start(LISTEN);
    await emitter.emitAsync('order:paid', { account: 'acme', id: '7' });
    emitter.emit('order:paid', { account: 'acme', id: '7' });
    emitter.emit('order:paid', { account: 'acme', id: '8' });
    emitter.emit('lead.create', { account: 'acme', id: 'not made into one' });
    const { databaseUrl } = host.options;
    await host.app.close();
    const other = await HostApp.start({ databaseUrl, options: host.options });
    const { data } = await other.app.get(WebhookEvents).list('acme');
    expect(data.map(({ uid }) => uid).toSorted()).toEqual(['order-7', 'order-8']);
    await other.close();
  });

  it('closes when what it publishes is stored, however long the database takes', async () => {
    const emitter = await start(LISTEN);
    const { databaseUrl } = host.options;
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE posthorn.spaces IN ACCESS EXCLUSIVE MODE');
    emitter.emit('order:paid', { account: 'acme', id: '9' });
    let isClosed = false;
    const closing = host.app.close().then(() => (isClosed = true));
    await staysSo(() => !isClosed, { forMs: 300, because: 'nothing else holds up the close' });
    await client.query('COMMIT');
    await closing;
    const { rows } = await client.query('SELECT publisher_id FROM posthorn.events');
    expect(rows).toEqual([{ publisher_id: 'order-9' }]);
    expect(problems).toEqual([]);
    await client.end();
  });
});

it('refuses to listen where that cannot work, a sentence each', async () => {
  const options = {
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
    encryptionKeys: [Buffer.alloc(32).toString('base64')],
  };
  const start = (listen: Partial<PosthornListenOptions>, role: 'all' | 'deliver' = 'all') =>
    PosthornModule.forRoot({ ...options, role, listen: listen as PosthornListenOptions });
  expect(() => start({})).toThrow(/listen.to.*\n.*listen.patterns.*\n.*listen.space/);
  expect(() => start({ ...LISTEN, patterns: ['a.*.b'] })).toThrow('is not a pattern');
  expect(() => start({ ...LISTEN, patterns: [] })).toThrow(StartupError);
  expect(() => start(LISTEN, 'deliver')).toThrow('publishes nothing');
  await expect(HostApp.start({ listen: LISTEN })).rejects.toThrow('Import EventEmitterModule.forRoot()');
});
