import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { unprivilegedAccount } from '../../src/database/embedded-account.js';
import { eventually } from '../support/condition.js';

const run = promisify(execFile);
const HOME = '/usr/lib/postgresql';

/**
 * The system's own PostgreSQL (`apt-get install postgresql`), with its tools: a server of one's own, as others have it.
 */
export class DumpablePostgres {
  private constructor(
    private readonly bin: string,
    private readonly port: number,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<DumpablePostgres> {
    const [version = ''] = readdirSync(HOME).sort((a, b) => Number(b) - Number(a));
    const bin = join(HOME, version, 'bin');
    const account = unprivilegedAccount();
    const as = account ? { uid: account.uid, gid: account.gid } : {};
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-debian-'));
    chmodSync(folder, 0o700);
    if (account) chownSync(folder, account.uid, account.gid);
    const data = join(folder, 'data');
    const options = ['-D', data, '-U', 'posthorn', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(join(bin, 'initdb'), options, { ...as, cwd: '/', stdio: 'ignore' });
    const port = await freePort();
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: 150,
    };
    const server = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...as, cwd: '/', stdio: 'ignore' },
    );
    const postgres = new DumpablePostgres(bin, port, async () => {
      server.kill('SIGQUIT');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    });
    await eventually(() => postgres.query('postgres', 'SELECT 1'), { timeoutMs: 30_000 });
    return postgres;
  }

  url(database: string): string {
    return `postgres://posthorn@127.0.0.1:${this.port}/${database}`;
  }

  async query<Row>(database: string, statement: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    try {
      await client.connect();
      return (await client.query(statement)).rows as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Dumps a database, as it is at this moment, and restores it as another one. */
  async copy(from: string, to: string): Promise<void> {
    const file = join(tmpdir(), `${to}-${this.port}.dump`);
    try {
      await run(join(this.bin, 'pg_dump'), ['-Fc', '-f', file, '-d', this.url(from)]);
      await this.query('postgres', `CREATE DATABASE ${to}`);
      await run(join(this.bin, 'pg_restore'), ['--exit-on-error', '-d', this.url(to), file]);
    } finally {
      rmSync(file, { force: true });
    }
  }

  stop(): Promise<void> {
    return this.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
