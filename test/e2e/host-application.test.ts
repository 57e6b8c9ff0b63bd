import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { PosthornModule, ShuttingDown, StartupError, WebhookSubscriptions } from '../../src/index.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase } from '../support/database.js';
import { HostApp, useHost } from '../support/host-app.js';
import { lead } from '../support/lead.js';
import { startReceiver } from '../support/receiver.js';

const ACME = { space: 'acme' };

const { host, receiver } = useHost();

describe('the host application', () => {
  const post = (path: string, body: object) =>
    fetch(host.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('keeps its own routes, rules and errors, and gets no routes of ours', async () => {
    await host.acme(receiver.url);
    // No key is asked for, and a field nobody knows is the host's business.
    expect((await post('/orders', { id: 'o1', unknown: true })).status).toBe(201);
    const failed = await post('/orders', { id: 'o2', fail: true });
    expect(await failed.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect(await (await fetch(`${host.url}/orders`)).json()).toEqual([{ id: 'o1' }]);
    for (const path of ['/v1/spaces', '/v1/event-types', '/healthz', '/', '/docs', '/openapi.json']) {
      const answer = await fetch(host.url + path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).not.toContain('problem');
    }
    expect(await host.sentTo(receiver)).toEqual(['o1']);
  });

  it('gets its database migrated at boot', async () => {
    const empty = await createTestDatabase();
    const client = new pg.Client({ connectionString: empty.url });
    await client.connect();
    await client.query('DROP SCHEMA posthorn CASCADE; DROP SCHEMA bullmq CASCADE');
    await client.end();
    const fresh = await HostApp.start({ databaseUrl: empty.url });
    await fresh.acme(receiver.url);
    await fresh.emitter.emit(ACME, lead('1'));
    await receiver.received(1);
    await fresh.close();
    await empty.drop();
  });

  it('closes with everything that was open', async () => {
    const watched = await createTestDatabase();
    const slow = await startReceiver(() => ({ delayMs: 500 }));
    const short = await HostApp.start({ databaseUrl: watched.url });
    await short.acme(slow.url);
    await short.emitter.emit(ACME, lead('1'));
    await slow.received(1);
    await short.close();
    await slow.close();
    // The request in flight was waited for, and written.
    const client = new pg.Client({ connectionString: watched.url });
    await client.connect();
    const { rows } = await client.query<{ status: string }>('SELECT status FROM posthorn.deliveries');
    expect(rows).toEqual([{ status: 'succeeded' }]);
    await eventually(async () => {
      const others = await client.query(
        'SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      expect(others.rows).toEqual([]);
    });
    await client.end();
    await watched.drop();
  });

  it('says after its close that it has closed, and not that the same may succeed later', async () => {
    const closed = await HostApp.start();
    await closed.acme();
    const { emitter } = closed;
    const subscriptions = closed.app.get(WebhookSubscriptions);
    await closed.app.close();
    const calls: Record<string, () => Promise<unknown>> = {
      emit: () => emitter.emit(ACME, lead('1')),
      emitMany: () => emitter.emitMany(ACME, [lead('1')]),
      'with a key': () => emitter.emit({ ...ACME, idempotencyKey: 'k' }, lead('1')),
      'in another space': () => emitter.emit({ space: 'new', upsertSpace: true }, lead('1')),
      'another service': () => subscriptions.create('acme', { url: receiver.url }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect([name, error]).toEqual([name, expect.any(ShuttingDown)]);
      expect(error).toMatchObject({
        code: 'shutting_down',
        message: expect.stringContaining('has closed') as string,
      });
    }
    await closed.close();
  });

  it('delivers in another process when it asks for no worker', async () => {
    const shared = await createTestDatabase();
    const options = host.options;
    const publisher = await HostApp.start({
      databaseUrl: shared.url,
      worker: false,
      options: { encryptionKeys: options.encryptionKeys },
    });
    await publisher.acme(receiver.url);
    await publisher.source.transaction((manager) => publisher.emitter.emit({ ...ACME, manager }, lead('1')));
    const worker = await HostApp.start({
      databaseUrl: shared.url,
      options: { encryptionKeys: options.encryptionKeys },
    });
    await receiver.received(1);
    await publisher.close();
    await worker.close();
    await shared.drop();
  });

  it('learns of wrong options by their names', () => {
    const broken = () =>
      PosthornModule.forRoot({
        databaseUrl: 'mysql://localhost/app',
        encryptionKeys: ['short'],
        retrySchedule: [-1],
      });
    expect(broken).toThrow(StartupError);
    expect(broken).toThrow(/^PosthornModule: databaseUrl: is not the address of a PostgreSQL database/m);
    expect(broken).toThrow(/^PosthornModule: encryptionKeys: is not a comma-separated list/m);
    expect(broken).toThrow(/^PosthornModule: retrySchedule: "-1" is not a list of seconds/m);
    expect(() => PosthornModule.forRoot({ databaseUrl: '', encryptionKeys: [] })).toThrow(
      /databaseUrl: set the address/,
    );
    expect(() =>
      PosthornModule.forRoot({ databaseUrl: 'postgres://localhost/app', encryptionKeys: [] }),
    ).toThrow(/encryptionKeys: needed/);
  });

  it('learns of options that are none, and of none at all, which only JavaScript lets pass', async () => {
    const asGiven = (options: unknown) => () => PosthornModule.forRoot(options as never);
    const good = {
      databaseUrl: 'postgres://localhost/app',
      encryptionKeys: [randomBytes(32).toString('base64')],
    };
    expect(asGiven(good)).not.toThrow();
    expect(asGiven({ ...good, pauseAfter: null, allowHttp: undefined, alowHttp: undefined })).not.toThrow();
    const problemsOf = (options: object): string[] => {
      try {
        asGiven(options)();
        return [];
      } catch (error) {
        return (error as StartupError).problems;
      }
    };
    expect(
      problemsOf({ ...good, alowHttp: true, colour: 'red', retentionDays: null, sweepIntervalMs: 1 }),
    ).toEqual([
      'PosthornModule: alowHttp: there is no such option. Did you mean allowHttp?',
      expect.stringMatching(/^PosthornModule: colour: there is no such option. They are databaseUrl, /),
      'PosthornModule: retentionDays: null is not allowed. Leave it out instead.',
      expect.stringContaining('PosthornModule: sweepIntervalMs: "1" is not'),
    ]);
    expect(problemsOf({ databseUrl: 'x' })[0]).toContain('Did you mean databaseUrl?');
    for (const nothing of [undefined, null, 'postgres://localhost/app']) {
      expect(asGiven(nothing)).toThrow(StartupError);
      expect(asGiven(nothing)).toThrow(`PosthornModule: its options are ${nothing}.`);
      const boot = NestFactory.createApplicationContext(
        PosthornModule.forRootAsync({ useFactory: () => nothing as never }),
        { abortOnError: false, logger: false },
      );
      await expect(boot).rejects.toThrow(`PosthornModule: its options are ${nothing}.`);
    }
  });
});
