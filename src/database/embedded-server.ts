import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../config/startup-error.js';
import type { ServerAccount } from './embedded-account.js';
import type { Binaries } from './embedded-binaries.js';
import { RESTORE, serverEnvironment } from './embedded-cluster.js';
import { Watchdog } from './embedded-watchdog.js';

/**
 * A server that was killed reads up to 2 GB of log first, on a slow disk for minutes. It begins anew when it is
 * stopped meanwhile.
 */
const START_MS = 600_000;
/**
 * The signals of PostgreSQL's shutdowns, and how long each may take, milliseconds: smart (waits for clients), fast
 * (ends them), and immediate (no checkpoint: the next start recovers, and no data is lost).
 */
const SHUTDOWNS = [
  ['SIGTERM', 500],
  ['SIGINT', 3_000],
  ['SIGQUIT', 3_000],
  ['SIGKILL', 3_000],
] as const;
const POLL_MS = 10;

/** Durable by default: only a test turns `fsync` off. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_wal_size: '2GB',
  // Log segments are kept and reused, so that new ones need not be filled with zeros.
  min_wal_size: '256MB',
  checkpoint_timeout: '10min',
  // Written pages are flushed as they come. The system would flush them all at once half a minute later, and every
  // commit would wait: p99 at 200 events a second after a flood is 10 ms instead of 27.
  bgwriter_delay: '20ms',
  bgwriter_lru_maxpages: '1000',
  bgwriter_lru_multiplier: '4',
  backend_flush_after: '256kB',
  autovacuum: 'on',
  // Plans here are short; compiling them costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
};

/** What one start of the server needs to know. */
export interface ServerPlan {
  binaries: Binaries;
  account: ServerAccount | null;
  cluster: string;
  dataDir: string;
  logFile: string;
  /** Over the defaults above. */
  settings: Record<string, string>;
}

/** One run of the server process. */
export interface Server {
  port: number;
  child: ChildProcess;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>;
}

/**
 * Starts the server and waits until it takes connections. Throws `StartupError` with the server's own words. `began` is
 * told of each process.
 */
export async function launch(
  plan: ServerPlan,
  keepPort?: number,
  began: (server: Server) => void = () => undefined,
): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const port = keepPort ?? (await freePort());
    const logFrom = existsSync(plan.logFile) ? statSync(plan.logFile).size : 0;
    const server = spawnServer(plan, port);
    began(server);
    if (await becomesReady(plan.cluster, server)) return server;
    const complaint = lastErrorLine(plan.logFile, logFrom);
    // Another process took the port before the server could, or the server before this one has not ended yet.
    if (tries < 5 && /could not bind|Is another postmaster|shared memory block/i.test(complaint)) {
      await delay(tries * 100);
      continue;
    }
    throw new StartupError(
      `The database in ${plan.cluster} did not start: ${complaint || 'it said nothing'}. Its log is ` +
        `${plan.logFile}. ${RESTORE(plan.dataDir)}`,
    );
  }
}

function spawnServer(plan: ServerPlan, port: number): Server {
  const settings = { ...SETTINGS, ...plan.settings, port: String(port) };
  const log = openSync(plan.logFile, 'a', 0o600);
  const child = spawn(
    plan.binaries.postgres,
    ['-D', plan.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...(plan.account && { uid: plan.account.uid, gid: plan.account.gid }),
      cwd: dirname(plan.binaries.postgres),
      env: serverEnvironment(),
      // A process group of its own: Ctrl-C in the terminal must reach the engine first, which needs its database to
      // drain.
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    },
  );
  closeSync(log);
  child.unref();
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  if (child.pid !== undefined && process.platform !== 'win32') {
    const watchdog = new Watchdog({ pid: child.pid, cluster: plan.cluster, account: plan.account });
    void ended.then(() => watchdog.release());
  }
  return { port, child, ended };
}

async function becomesReady(cluster: string, server: Server): Promise<boolean> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const lines = postmasterFile(cluster);
    if (Number(lines?.[0]) === server.child.pid && lines?.[7]?.trim() === 'ready') return true;
    const isOver = await Promise.race([delay(POLL_MS, false), server.ended.then(() => true)]);
    if (isOver) return false;
  }
  await stopProcess(server.child.pid, server.ended);
  return false;
}

/** Stops the server: open connections are ended, nothing committed is lost. At most a few seconds. */
export async function stopServer({ child, ended }: Server): Promise<void> {
  // Its number may be another process's by now.
  if (child.exitCode !== null || child.signalCode !== null) return;
  await stopProcess(child.pid, ended);
}

async function stopProcess(pid: number | undefined, ended: Promise<void>): Promise<boolean> {
  if (pid === undefined) return true;
  const limit = new AbortController();
  try {
    for (const [signal, limitMs] of SHUTDOWNS) {
      if (!sendSignal(pid, signal)) return true;
      const gone = await Promise.race([
        ended.then(() => true),
        delay(limitMs, false, { signal: limit.signal }).catch(() => false),
      ]);
      if (gone) return true;
    }
    return false;
  } finally {
    limit.abort();
  }
}

/**
 * Ends the server that a killed engine left running. Only the holder of the data folder's lock may call it: then no
 * other engine uses the server. Throws `StartupError` when the server does not end.
 */
export async function stopLeftover(cluster: string): Promise<boolean> {
  const pid = Number(postmasterFile(cluster)?.[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (!isServerOf(pid, cluster)) {
    // After a reboot or in a new container the process id may be another process's.
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return false;
  }
  const ended = (async () => {
    while (isServerOf(pid, cluster)) await delay(POLL_MS);
  })();
  if (await stopProcess(pid, ended)) return true;
  throw new StartupError(
    `An earlier database server (process ${pid}) of ${cluster} does not stop. End it and start again.`,
  );
}

function isServerOf(pid: number, cluster: string): boolean {
  if (!sendSignal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    // A server's working folder is its cluster.
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function postmasterFile(cluster: string): string[] | null {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
}

function lastErrorLine(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString().split('\n');
  const complaints = lines.filter((line) => /FATAL|PANIC|postgres: |error while loading/.test(line));
  return (complaints.at(-1) ?? lines.at(-2) ?? '').replace(/^.*?(FATAL|PANIC):\s*/, '');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
