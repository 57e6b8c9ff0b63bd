import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { startReceiver, type ReceivedRequest, type Receiver, type Reply } from '../support/receiver.js';
import { Inspector } from './inspector.js';
import { Proxy } from './proxy.js';

const root = join(import.meta.dirname, '..', '..');
const ADMIN_KEY = 'fault-admin-key-0000';

/** One engine process. */
export interface Member {
  child: ChildProcess;
  role: 'api' | 'worker';
  /** Where its API answers; empty for a worker. */
  url: string;
  log: () => string;
  /** The exit code or signal, once it ended. */
  ended: Promise<number | NodeJS.Signals | null>;
}

export interface FleetOptions {
  /** A database of its own on the test cluster unless given. */
  databaseUrl?: string;
  redisUrl?: string;
  apis?: number;
  workers?: number;
  env?: NodeJS.ProcessEnv;
}

/** An engine of several real processes whose connections to the database a test can break. */
export class Fleet {
  readonly apis: Member[] = [];
  readonly workers: Member[] = [];
  readonly accepted: string[] = [];
  space = `s_${randomBytes(4).toString('hex')}`;
  private readonly receivers: Receiver[] = [];

  private constructor(
    readonly database: pg.Pool,
    readonly proxy: Proxy,
    private readonly env: NodeJS.ProcessEnv,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start({
    databaseUrl,
    redisUrl,
    apis = 1,
    workers = 1,
    env = {},
  }: FleetOptions = {}): Promise<Fleet> {
    const database =
      databaseUrl === undefined
        ? await createTestDatabase()
        : { url: databaseUrl, drop: () => Promise.resolve() };
    const url = new URL(database.url);
    const proxy = await Proxy.start(Number(url.port));
    url.port = String(proxy.port);
    const fleet = new Fleet(
      new pg.Pool({ connectionString: database.url, max: 4 }),
      proxy,
      {
        PATH: process.env.PATH,
        DATABASE_URL: url.href,
        ...(redisUrl && { REDIS_URL: redisUrl }),
        POSTHORN_ADMIN_KEY: ADMIN_KEY,
        POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        POSTHORN_SWEEP_INTERVAL_MS: '500',
        POSTHORN_LEASE_GRACE_MS: '3000',
        LOG_LEVEL: 'warn',
        ...env,
      },
      database.drop,
    );
    fleet.database.on('error', () => undefined);
    try {
      for (let n = 0; n < apis; n += 1) await fleet.startApi();
      for (let n = 0; n < workers; n += 1) await fleet.startWorker();
      await fleet.call('POST', '/v1/spaces', { name: fleet.space, uid: fleet.space });
      await fleet.warmUp();
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** What each process that has been here from the start needed in memory then, in bytes. */
  readonly memory = new Map<Member, number>();

  async startApi(env: NodeJS.ProcessEnv = {}): Promise<Member> {
    const member = this.run('api', { PORT: '0', ...env });
    this.apis.push(member);
    await ready(member, 'listens');
    const [, port] = /listens on \S+:(\d+)/.exec(member.log()) ?? [];
    member.url = `http://127.0.0.1:${port}`;
    return member;
  }

  async startWorker(env: NodeJS.ProcessEnv = {}): Promise<Member> {
    const member = this.run('worker', env);
    this.workers.push(member);
    await ready(member, 'delivers');
    return member;
  }

  /** A receiver with a subscription to everything. Retries come fast, so that a test sees the end of them. */
  async subscribe(
    answer: (request: ReceivedRequest) => Reply | Promise<Reply> = () => ({}),
    fields: object = {},
  ): Promise<Receiver & { subscription: string }> {
    const receiver = await startReceiver(answer);
    this.receivers.push(receiver);
    const { body } = await this.call<{ id: string }>('POST', `/v1/spaces/${this.space}/subscriptions`, {
      url: receiver.url,
      retrySchedule: Array<number>(20).fill(1),
      pauseAfter: null,
      ...fields,
    });
    return Object.assign(receiver, { subscription: body.id });
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    url = this.apis[0]?.url ?? '',
  ): Promise<{ status: number; headers: Headers; body: T; ms: number }> {
    const started = performance.now();
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : null) as T,
      ms: performance.now() - started,
    };
  }

  /** Publishes one event; remembers it when the answer is 202. */
  async publish(n: number, url?: string): Promise<number> {
    const event = { type: 'lead.create', id: `${this.space}-${n}`, data: { id: String(n) } };
    const { status, body } = await this.call<{ id: string }>(
      'POST',
      `/v1/spaces/${this.space}/events`,
      event,
      url,
    );
    if (status === 202) this.accepted.push(body.id);
    return status;
  }

  async publishMany(count: number, from = 0): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, index) => this.publish(from + index)));
  }

  /** The first events load code and fill caches; what they leave in memory is where a process starts from. */
  private async warmUp(): Promise<void> {
    const own = this.space;
    this.space = 'warm_up';
    await this.call('POST', '/v1/spaces', { name: 'warm-up', uid: this.space });
    const receiver = await this.subscribe();
    await this.publishMany(300);
    await receiver.received(300);
    await this.call('DELETE', `/v1/spaces/${this.space}`);
    this.space = own;
    this.accepted.length = 0;
    for (const member of [...this.apis, ...this.workers]) this.memory.set(member, await memoryOf(member));
  }

  async close(): Promise<void> {
    for (const { child } of [...this.apis, ...this.workers]) child.kill('SIGKILL');
    await Promise.all([...this.apis, ...this.workers].map(({ ended }) => ended));
    await Promise.all(this.receivers.map((receiver) => receiver.close()));
    await this.database.end();
    await this.proxy.close();
    await this.drop();
  }

  private run(role: 'api' | 'worker', env: NodeJS.ProcessEnv): Member {
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', join(root, 'dist/src/main.js')], {
      env: { ...this.env, POSTHORN_HEALTH_PORT: 'off', POSTHORN_ROLE: role, ...env },
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal)),
    );
    return { child, role, url: '', log: () => log, ended };
  }
}

/** Bytes a member holds after a full collection. */
export async function memoryOf(member: Member): Promise<number> {
  const inspector = await Inspector.of(member);
  try {
    return await inspector.memory();
  } finally {
    inspector.close();
  }
}

async function ready(member: Member, word: string): Promise<void> {
  await eventually(
    () => {
      if (member.child.exitCode !== null) throw new Error(`The ${member.role} ended: ${member.log()}`);
      return member.log().includes(word);
    },
    { timeoutMs: 30_000 },
  );
}
