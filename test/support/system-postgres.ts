import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { unprivilegedAccount } from '../../src/database/embedded-account.js';
import { eventually } from './condition.js';
import { refusedPort } from './receiver.js';

const HOME = '/usr/lib/postgresql';

export interface SystemOptions {
  settings?: Record<string, string>;
  /** Lines of pg_hba.conf; everybody is trusted without them. */
  hba?: string[];
  /** The folder with `initdb` and `postgres`; else the newest that Debian has installed. */
  bin?: string;
}

/** A PostgreSQL of another major version than the embedded one, such as Debian's (`apt-get install postgresql`). */
export class SystemPostgres {
  private constructor(
    private readonly child: ChildProcess,
    /** Its files and, in `socket`, its Unix socket. */
    readonly folder: string,
    readonly port: number,
    readonly version: string,
  ) {}

  static async start({
    settings = {},
    hba = ['host all all all trust', 'local all all trust'],
    bin = newestBin(),
  }: SystemOptions = {}): Promise<SystemPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-pg-'));
    const [data, socket] = [join(folder, 'data'), join(folder, 'socket')];
    const account = unprivilegedAccount();
    const as: SpawnOptions = { cwd: tmpdir(), ...(account && { uid: account.uid, gid: account.gid }) };
    mkdirSync(socket);
    for (const path of [folder, socket]) {
      if (account) chownSync(path, account.uid, account.gid);
      chmodSync(path, 0o755);
    }
    const init = ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
    execFileSync(join(bin, 'initdb'), init, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    const port = await refusedPort();
    const all = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: socket,
      fsync: 'off',
      ...settings,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(data, 'postgresql.conf'), lines.join(''));
    execFileSync('cp', ['/dev/null', join(data, 'pg_hba.conf')]);
    appendFileSync(join(data, 'pg_hba.conf'), `${hba.join('\n')}\n`);
    const child = spawn(join(bin, 'postgres'), ['-D', data], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`postgres ended: ${output}`);
        return output.includes('is ready to accept connections');
      },
      { timeoutMs: 30_000 },
    );
    const version = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
    return new SystemPostgres(child, folder, port, /\d+/.exec(version)?.[0] ?? '');
  }

  /** Of a database, as this user, over TCP. */
  url(database = 'postgres', user = 'postgres'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  get socketFolder(): string {
    return join(this.folder, 'socket');
  }

  /** Statements as the superuser over the socket. */
  async sql<Row extends object>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ host: this.socketFolder, port: this.port, user: 'postgres', database });
    await client.connect();
    try {
      const result = await client.query<Row>(text);
      return Array.isArray(result) ? [] : result.rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      // At once, with whoever is connected.
      this.child.kill('SIGQUIT');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function newestBin(): string {
  const versions = existsSync(HOME) ? readdirSync(HOME).sort((a, b) => Number(b) - Number(a)) : [];
  const [version] = versions;
  if (version === undefined)
    throw new Error(`There is no PostgreSQL in ${HOME}: apt-get install postgresql.`);
  return join(HOME, version, 'bin');
}
