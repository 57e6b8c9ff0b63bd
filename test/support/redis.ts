import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './condition.js';
import { refusedPort, tlsFile } from './receiver.js';

/** Whether this machine has Redis. A run in CI without it is no run: it fails instead of leaving half of it out. */
export function redisIsInstalled(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  if (process.env.CI === 'true') throw new Error('redis-server is not installed; CI must have it.');
  return false;
}

/** Settings of a server that speaks only TLS on this port, with a certificate for 127.0.0.1. Clients need none. */
export function tlsSettings(port: number): Record<string, string> {
  return {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': tlsFile('localhost.pem'),
    'tls-key-file': tlsFile('localhost-key.pem'),
    'tls-ca-cert-file': tlsFile('ca.pem'),
    'tls-auth-clients': 'no',
    'tls-replication': 'yes',
  };
}

/** A real Redis on a free port that keeps nothing: stopped and started again, it is empty. */
export class RedisServer {
  private server: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
    private readonly isTls: boolean,
  ) {}

  /** With its port and nobody listening on it yet; with settings as in redis.conf. */
  static async reserve(settings: Record<string, string> = {}, { isTls = false } = {}): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-redis-'));
    return new RedisServer(await refusedPort(), folder, settings, isTls);
  }

  static async start(settings: Record<string, string> = {}, options = {}): Promise<RedisServer> {
    const redis = await RedisServer.reserve(settings, options);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `${this.isTls ? 'rediss' : 'redis'}://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.server !== undefined;
  }

  async start(): Promise<void> {
    const own = { port: this.port, bind: '127.0.0.1', dir: this.folder, save: '', appendonly: 'no' };
    const options = { ...own, ...(this.isTls && tlsSettings(this.port)), ...this.settings };
    const server = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.server = server;
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => {
      if (server.exitCode !== null) throw new Error(`redis-server ended: ${output}`);
      return output.includes('Ready to accept connections');
    });
  }

  /** At once, as a crash would. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server || server.exitCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  /** `SIGSTOP` makes it hang, `SIGCONT` ends that. */
  signal(signal: NodeJS.Signals): void {
    this.server?.kill(signal);
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
