import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../config/startup-error.js';
import type { DataFolder } from './data-folder.js';
import { ownerOf, unprivilegedAccount } from './embedded-account.js';
import { findBinaries } from './embedded-binaries.js';
import {
  clusterFolder,
  createCluster,
  isNewCluster,
  readPassword,
  RESTORE,
  SUPERUSER,
} from './embedded-cluster.js';
import { launch, stopLeftover, stopServer, type Server, type ServerPlan } from './embedded-server.js';

const DATABASE = 'posthorn';

export interface EmbeddedOptions {
  /** Called with a sentence about each of the few things that a person should know. */
  log?: (line: string) => void;
  /** PostgreSQL settings over the defaults. */
  settings?: Record<string, string>;
}

/** The PostgreSQL that npm packages ship, run as a child process on a data folder that is open. */
export class EmbeddedPostgres {
  /** Rejects when the server ended by itself and could not be started again. */
  readonly lost: Promise<never>;
  private reportLoss!: (reason: unknown) => void;
  private stopping?: Promise<void>;
  private restarting: Promise<void> = Promise.resolve();
  private readonly endWithUs = () => this.server.child.kill('SIGINT');

  private constructor(
    private readonly plan: ServerPlan,
    private server: Server,
    private readonly password: string,
    private readonly log: (line: string) => void,
  ) {
    this.lost = new Promise((_, reject) => (this.reportLoss = reject));
    this.lost.catch(() => undefined);
    // The last resort, for an engine that ends without stopping the server: it then shuts down by itself.
    process.once('exit', this.endWithUs);
    this.watch(server);
  }

  /** Creates the database if the folder is new, and starts it. Throws `StartupError`, which says what to do. */
  static async start(folder: DataFolder, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
    const { log = () => undefined, settings = {} } = options;
    const plan = await prepare(folder, settings, log);
    const password = readPassword(folder.path);
    const embedded = new EmbeddedPostgres(plan, await launch(plan), password, log);
    await embedded.ensureDatabase();
    return embedded;
  }

  /** Where to connect, password included: never log it. */
  get url(): string {
    return this.urlOf(DATABASE);
  }

  urlOf(database: string): string {
    return `postgres://${SUPERUSER}:${this.password}@127.0.0.1:${this.server.port}/${database}`;
  }

  /** Ends open connections and stops the server, in at most a few seconds. Nothing committed is lost. */
  stop(): Promise<void> {
    this.stopping ??= (async () => {
      await stopServer(this.server);
      await this.restarting;
      // What was being started again meanwhile.
      await stopServer(this.server);
      process.off('exit', this.endWithUs);
    })();
    return this.stopping;
  }

  private watch(server: Server): void {
    void server.ended.then(() => {
      if (!this.stopping) this.restarting = this.restart(server.port);
    });
  }

  /** A stop ends it at once, and waits for it. */
  private async restart(port: number): Promise<void> {
    this.log('The embedded database stopped unexpectedly. Starting it again.');
    const began = (server: Server) => {
      this.server = server;
      if (this.stopping) void stopServer(server);
    };
    try {
      this.watch(await launch(this.plan, port, began));
    } catch (error) {
      if (!this.stopping) this.reportLoss(error);
    }
  }

  private async ensureDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    } catch (error) {
      await this.stop();
      throw new StartupError(
        `The database in ${this.plan.cluster} refused Posthorn's login: ${(error as Error).message}. ` +
          RESTORE(this.plan.dataDir),
        { cause: error },
      );
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function prepare(
  folder: DataFolder,
  settings: Record<string, string>,
  log: (line: string) => void,
): Promise<ServerPlan> {
  const dataDir = folder.path;
  // The server runs as the account that owns the database.
  const account = (folder.hasDatabase && ownerOf(folder.database)) || unprivilegedAccount();
  const binaries = findBinaries(account, dataDir);
  const cluster = clusterFolder(folder, account, log);
  if (isNewCluster(cluster, dataDir)) {
    await createCluster(cluster, dataDir, binaries, account);
  } else if (await stopLeftover(cluster)) {
    log('Stopped a database server that an earlier Posthorn process left running.');
  }
  return { binaries, account, cluster, dataDir, logFile: join(dataDir, 'postgres.log'), settings };
}
