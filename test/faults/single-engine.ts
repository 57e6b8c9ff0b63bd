import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/condition.js';

const root = join(import.meta.dirname, '..', '..');
const KEY = 'fault-admin-key-0000';

/** What a single engine keeps over its restarts. */
export interface SingleEngineOptions {
  /** The database, unless it has its own in `dataDir`. */
  databaseUrl?: string;
  dataDir?: string;
  /** Options for Node. */
  node?: string[];
  env?: NodeJS.ProcessEnv;
  /** A command that runs it: that of a network namespace. */
  within?: string[];
}

/** One process that takes events in and delivers them, as most people run it. It can be killed and started again. */
export class SingleEngine {
  url = '';
  log = '';
  /** How long the last start took until it listened, milliseconds. */
  startMs = 0;
  readonly space = `s_${randomBytes(4).toString('hex')}`;
  child!: ChildProcess;
  private ended: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly node: string[],
    private readonly within: string[],
  ) {}

  static async start({
    databaseUrl,
    dataDir,
    node = [],
    env = {},
    within = [],
  }: SingleEngineOptions): Promise<SingleEngine> {
    const engine = new SingleEngine(
      {
        PATH: process.env.PATH,
        ...(databaseUrl && { DATABASE_URL: databaseUrl }),
        ...(dataDir && { POSTHORN_DATA_DIR: dataDir }),
        PORT: '0',
        POSTHORN_ADMIN_KEY: KEY,
        POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        LOG_LEVEL: 'warn',
        ...env,
      },
      node,
      within,
    );
    await engine.revive();
    await engine.ok('POST', '/v1/spaces', { name: engine.space, uid: engine.space });
    return engine;
  }

  /** Another process with the same settings, beside this one. */
  twin(): Promise<SingleEngine> {
    return this.another({});
  }

  /** Another process with the same keys, on another database. */
  elsewhere(databaseUrl: string): Promise<SingleEngine> {
    return this.another({ DATABASE_URL: databaseUrl });
  }

  private async another(env: NodeJS.ProcessEnv): Promise<SingleEngine> {
    const twin = new SingleEngine({ ...this.env, ...env }, this.node, this.within);
    Object.assign(twin, { space: this.space });
    await twin.revive();
    return twin;
  }

  /** Starts the process, and waits until it listens. */
  async revive(): Promise<void> {
    const from = this.log.length;
    const startedAt = performance.now();
    const command = [...this.within, process.execPath, ...this.node, join(root, 'dist/src/main.js')];
    this.child = spawn(command[0] ?? '', command.slice(1), {
      env: this.env,
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    this.url = await eventually(
      () => {
        if (this.child.exitCode !== null) throw new Error(`The engine ended: ${this.log}`);
        return /listens on (\S+)/.exec(this.log.slice(from))?.[1]?.replace('localhost', '127.0.0.1') ?? null;
      },
      { timeoutMs: 60_000 },
    );
    this.url = this.url.replace(/,$/, '');
    this.startMs = performance.now() - startedAt;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T; ms: number }> {
    const startedAt = performance.now();
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const ms = performance.now() - startedAt;
    return { status: response.status, body: (text ? JSON.parse(text) : null) as T, ms };
  }

  /** The same, and fails unless the status is 2xx. Gives the body. */
  async ok<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  path(rest: string): string {
    return `/v1/spaces/${this.space}${rest}`;
  }

  async subscribe(url: string, fields: object = {}): Promise<string> {
    const { id } = await this.ok<{ id: string }>('POST', this.path('/subscriptions'), {
      url,
      pauseAfter: null,
      ...fields,
    });
    return id;
  }

  /** Publishes so many events, `atOnce` at a time. Gives their ids. */
  async publish(count: number, { atOnce = 100, type = 'lead.create', data = {} } = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, count - n) }, (_, index) =>
        this.ok<{ id: string }>('POST', this.path('/events'), { type, data: { n: n + index, ...data } }),
      );
      ids.push(...(await Promise.all(some)).map(({ id }) => id));
    }
    return ids;
  }

  /** Bytes of memory that the process occupies; 0 when it has ended. */
  get memory(): number {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return 0;
    const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1_024;
  }
}
