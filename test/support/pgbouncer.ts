import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { unprivilegedAccount } from '../../src/database/embedded-account.js';
import { eventually } from './condition.js';
import { refusedPort } from './receiver.js';

/**
 * A real PgBouncer in transaction mode before the server of a database. It has few connections to it, so that every
 * transaction of a client may get another one.
 */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
    private readonly directUrl: string,
  ) {}

  static async start(
    databaseUrl: string,
    settings: Record<string, string | number> = {},
  ): Promise<PgBouncer> {
    if (spawnSync('pgbouncer', ['--version']).status !== 0)
      throw new Error('PgBouncer is not installed: apt-get install pgbouncer.');
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-pgbouncer-'));
    const port = await refusedPort();
    const { hostname, port: serverPort, username, password } = new URL(databaseUrl);
    const options = {
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      auth_type: 'trust',
      auth_file: join(folder, 'users.txt'),
      admin_users: username,
      pool_mode: 'transaction',
      default_pool_size: 4,
      max_client_conn: 500,
      ...settings,
    };
    const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}`);
    writeFileSync(options.auth_file, `"${username}" "${decodeURIComponent(password)}"\n`);
    const file = join(folder, 'pgbouncer.ini');
    const server = `* = host=${hostname} port=${serverPort}`;
    writeFileSync(file, ['[databases]', server, '[pgbouncer]', ...lines, ''].join('\n'));
    // It refuses to be root, too.
    chmodSync(folder, 0o755);
    const account = unprivilegedAccount();
    const child = spawn('pgbouncer', [file], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${output}`);
      return output.includes('process up');
    });
    return new PgBouncer(child, folder, port, databaseUrl);
  }

  /** The same database through the pooler. */
  get url(): string {
    const url = new URL(this.directUrl);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** A row of an admin's `SHOW` for each thing. */
  async show(what: string): Promise<Record<string, unknown>[]> {
    const url = new URL(this.url);
    url.pathname = '/pgbouncer';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(`SHOW ${what}`)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
