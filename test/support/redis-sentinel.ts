import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './condition.js';
import { refusedPort, TEST_CA } from './receiver.js';
import { RedisServer, tlsSettings } from './redis.js';

const PASSWORD = 'sentinel-password';

/**
 * A Redis, its replica and a Sentinel that makes the replica the master when the first one has been away for half a
 * second.
 */
export class RedisSentinels {
  private constructor(
    readonly master: RedisServer,
    readonly replica: RedisServer,
    readonly port: number,
    private readonly sentinel: ChildProcess,
    private readonly folder: string,
    private readonly isTls: boolean,
  ) {}

  static async start({ isTls = false } = {}): Promise<RedisSentinels> {
    const login = { requirepass: PASSWORD, masterauth: PASSWORD };
    const master = await RedisServer.start(login, { isTls });
    const replica = await RedisServer.start(
      {
        ...login,
        replicaof: `127.0.0.1 ${master.port}`,
        'repl-diskless-sync-delay': '0',
      },
      { isTls },
    );
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-sentinel-'));
    const port = await refusedPort();
    const file = join(folder, 'sentinel.conf');
    const lines = [
      ...Object.entries(isTls ? tlsSettings(port) : { port: String(port) }).map((pair) => pair.join(' ')),
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor main 127.0.0.1 ${master.port} 1`,
      `sentinel auth-pass main ${PASSWORD}`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 2000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    const all = new RedisSentinels(master, replica, port, sentinel, folder, isTls);
    const ask = new Redis(port, '127.0.0.1', isTls ? { tls: { ca: TEST_CA } } : {});
    ask.on('error', () => undefined);
    try {
      await eventually(async () => {
        const found = (await ask.call('SENTINEL', 'replicas', 'main')) as string[][];
        const [fields = []] = found;
        return fields[fields.indexOf('master-link-status') + 1] === 'ok';
      });
    } finally {
      ask.disconnect();
    }
    return all;
  }

  /** As `REDIS_URL` wants it. The first of the Sentinels is away. */
  url(password = PASSWORD, master = 'main'): string {
    return `redis${this.isTls ? 's' : ''}+sentinel://:${password}@127.0.0.1:1,127.0.0.1:${this.port}/${master}/1`;
  }

  async close(): Promise<void> {
    this.sentinel.kill('SIGKILL');
    await once(this.sentinel, 'exit');
    await Promise.all([this.master.close(), this.replica.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
