import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HOME = '/usr/lib/postgresql';
const USER = 'postgres';

/** Runs a program to its end, as the system's user `postgres` when asked to. Throws with what it said when it fails. */
export function run(command: string[], { asPostgres = false, input = '' } = {}): string {
  const [program = '', ...args] = asPostgres ? ['runuser', '-u', USER, '--', ...command] : command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd: tmpdir(),
    input,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

export interface DebianOptions {
  /** Where it listens. */
  host: string;
  port: number;
  /** In the network namespace of this name. */
  namespace?: string;
  /** Its data folder, which must not exist yet. */
  folder?: string;
  settings?: Record<string, string>;
}

/**
 * A PostgreSQL as Debian packages it (`apt-get install postgresql`), for what takes a real second server or a
 * namespace; needs root.
 */
export class DebianPostgres {
  private constructor(
    readonly options: DebianOptions,
    private readonly home: string,
    readonly folder: string,
  ) {}

  static start(options: DebianOptions): DebianPostgres {
    const server = DebianPostgres.at(options);
    server.tool('initdb', ['-D', server.folder, '-U', USER, '--auth=trust', '-E', 'UTF8', '--no-sync']);
    server.configure({ fsync: 'off', max_connections: '200', wal_level: 'replica', ...options.settings });
    appendFileSync(
      join(server.folder, 'pg_hba.conf'),
      'host all all all trust\nhost replication all all trust\n',
    );
    server.boot();
    return server;
  }

  /** A standby that follows this one, synchronously: what is committed is on both. */
  standby(options: DebianOptions): DebianPostgres {
    const { host, port } = this.options;
    const server = DebianPostgres.at(options);
    const source = `host=${host} port=${port} user=${USER} application_name=standby`;
    server.tool('pg_basebackup', [
      '-D',
      server.folder,
      '-R',
      '-X',
      'stream',
      '--checkpoint=fast',
      '--no-sync',
      '-d',
      source,
    ]);
    server.configure({ port: String(options.port), listen_addresses: options.host });
    server.boot();
    return server;
  }

  get url(): string {
    return `postgres://${USER}@${this.options.host}:${this.options.port}/postgres`;
  }

  sql(statement: string): string {
    const { host, port } = this.options;
    return this.tool('psql', [
      '-X',
      '-A',
      '-t',
      '-h',
      host,
      '-p',
      String(port),
      '-U',
      USER,
      '-c',
      statement,
      'postgres',
    ]).trim();
  }

  boot(): void {
    this.tool('pg_ctl', ['-D', this.folder, '-l', `${this.folder}/log`, '-w', 'start']);
  }

  stop(mode: 'fast' | 'immediate'): void {
    this.tool('pg_ctl', ['-D', this.folder, '-m', mode, '-w', 'stop']);
  }

  promote(): void {
    this.tool('pg_ctl', ['-D', this.folder, '-w', 'promote']);
  }

  /** Stops it, if it runs, and forgets its data. */
  remove(): void {
    try {
      this.stop('immediate');
    } catch {
      // It was down.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private static at(options: DebianOptions): DebianPostgres {
    const [version] = readdirSync(HOME).sort((a, b) => Number(b) - Number(a));
    if (version === undefined)
      throw new Error(`There is no PostgreSQL in ${HOME}: apt-get install postgresql.`);
    const parent = options.folder ?? mkdtempSync(join(tmpdir(), 'posthorn-debian-'));
    const uid = Number(run(['id', '-u', USER]));
    chownSync(parent, uid, uid);
    return new DebianPostgres(options, join(HOME, version, 'bin'), join(parent, 'data'));
  }

  private configure(settings: Record<string, string>): void {
    const { host, port } = this.options;
    const all = { listen_addresses: host, port: String(port), unix_socket_directories: '/tmp', ...settings };
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.folder, 'postgresql.conf'), lines.join(''));
  }

  private tool(name: string, args: string[]): string {
    const { namespace } = this.options;
    const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
    return run([...inside, 'runuser', '-u', USER, '--', join(this.home, name), ...args]);
  }
}
