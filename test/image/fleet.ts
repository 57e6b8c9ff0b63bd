import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { eventually } from '../support/condition.js';
import type { ContainerEngine } from './engine.js';

const PROJECT = 'posthorn-image-test';
const COMPOSE = ['-p', PROJECT, '-f', 'docker-compose.yml', '-f', 'test/image/compose.yml'];
const START_MS = 300_000;

/** docker-compose.yml, running whole: two processes, PostgreSQL and Valkey, and an endpoint beside them. */
export class Fleet {
  /** What the containers of a second image need to join. */
  readonly settings: Record<string, string>;
  readonly network = `${PROJECT}_default`;

  private constructor(
    private readonly engine: ContainerEngine,
    private readonly env: Record<string, string>,
    readonly urls: string[],
    readonly receiver: string,
  ) {
    this.settings = {
      DATABASE_URL: `postgres://posthorn:${env.POSTGRES_PASSWORD ?? ''}@postgres:5432/posthorn`,
      REDIS_URL: 'redis://valkey:6379',
      POSTHORN_ADMIN_KEY: env.POSTHORN_ADMIN_KEY ?? '',
      POSTHORN_ENCRYPTION_KEYS: env.POSTHORN_ENCRYPTION_KEYS ?? '',
    };
  }

  static async start(engine: ContainerEngine): Promise<Fleet> {
    const first = await twoFreePorts();
    const receiverPort = await freePort();
    const env = {
      POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
      POSTHORN_ADMIN_KEY: `phk_admin_${randomBytes(24).toString('hex')}`,
      POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      PORTS: `${first}-${first + 1}`,
      RECEIVER_PORT: String(receiverPort),
    };
    const urls = [first, first + 1].map((port) => `http://127.0.0.1:${port}`);
    const fleet = new Fleet(engine, env, urls, `http://127.0.0.1:${receiverPort}`);
    await fleet.stop();
    await fleet.compose('up', '-d', '--no-build', '--scale', 'posthorn=2');
    return fleet;
  }

  compose(...args: string[]): Promise<string> {
    return this.engine.composed([...COMPOSE, ...args], this.env);
  }

  /** The ids of the containers of Posthorn. */
  async containers(): Promise<string[]> {
    return (await this.compose('ps', '-q', 'posthorn')).split('\n');
  }

  async untilHealthy(container: string): Promise<void> {
    await eventually(
      async () => {
        const state = await this.engine.docker('inspect', '-f', '{{.State.Health.Status}}', container);
        if (state !== 'healthy') throw new Error(`${container} is ${state}, not healthy.`);
      },
      { timeoutMs: START_MS },
    );
  }

  /** Calls the API of one process. Throws with the answer when that is not a success. */
  async call<T>(process: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.urls[process] ?? ''}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.env.POSTHORN_ADMIN_KEY ?? ''}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async received(): Promise<{ id: string; body: string }[]> {
    return (await (await fetch(this.receiver)).json()) as { id: string; body: string }[];
  }

  async stop(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans');
  }
}

async function freePort(port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve()),
  );
  const found = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return found;
}

async function twoFreePorts(): Promise<number> {
  for (;;) {
    const first = await freePort();
    const second = await freePort(first + 1).catch(() => null);
    if (second) return first;
  }
}
