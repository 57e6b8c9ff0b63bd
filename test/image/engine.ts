import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/condition.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const MAX_OUTPUT = 256 * 1024 * 1024;
const MOST_SAID = 5_000;

/** A Docker engine: the one that runs, or one that was started for these tests. */
export class ContainerEngine {
  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly compose: string[],
    readonly stop: () => Promise<void>,
  ) {}

  /** Returns what is missing as a sentence where there is no engine. */
  static async find(): Promise<ContainerEngine | string> {
    const compose = [['docker', 'compose'], ['docker-compose']].find(
      ([file = '', ...args]) => spawnSync(file, [...args, 'version']).status === 0,
    );
    if (!compose) return 'there is neither "docker compose" nor "docker-compose" (Debian: docker-compose)';
    if (spawnSync('docker', ['info']).status === 0)
      return new ContainerEngine({}, compose, () => Promise.resolve());
    if (process.getuid?.() !== 0 || spawnSync('dockerd', ['--version']).status !== 0)
      return 'no Docker engine answers, and dockerd cannot be started (Debian: docker.io, as root)';
    const started = await startEngine();
    return typeof started === 'string' ? started : new ContainerEngine(started.env, compose, started.stop);
  }

  /** Runs a command of the `docker` program to its end and returns what it printed. */
  async docker(...args: string[]): Promise<string> {
    return (await this.execute(['docker', ...args])).trim();
  }

  /** The same for Compose, in the repository's root. */
  async composed(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
    return (await this.execute([...this.compose, ...args], env)).trim();
  }

  /** Whether the command ends with 0. */
  succeeds(...args: string[]): Promise<boolean> {
    return this.docker(...args).then(
      () => true,
      () => false,
    );
  }

  private async execute([file = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const options = { cwd: root, env: { ...process.env, ...this.env, ...env }, maxBuffer: MAX_OUTPUT };
    const ended = await run(file, args, options).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      const said = `${stdout}${stderr}`.slice(-MOST_SAID);
      throw new Error(`${[file, ...args].join(' ')}\n${said}`);
    });
    return ended.stdout;
  }
}

async function startEngine(): Promise<{ env: NodeJS.ProcessEnv; stop: () => Promise<void> } | string> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-docker-'));
  const env = { DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` };
  const args = [
    '--host',
    env.DOCKER_HOST,
    '--pidfile',
    join(folder, 'pid'),
    '--exec-root',
    join(folder, 'exec'),
  ];
  const child = spawn('dockerd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
    // A build that was cut off leaves its network namespace mounted.
    spawnSync('umount', [join(folder, 'exec', 'netns', 'default')]);
    rmSync(folder, { recursive: true, force: true });
  };
  const answers = () => spawnSync('docker', ['info'], { env: { ...process.env, ...env } }).status === 0;
  await eventually(() => child.exitCode !== null || answers(), { timeoutMs: 60_000 });
  if (child.exitCode === null) return { env, stop };
  await stop();
  return `dockerd does not start here: ${log.trim().split('\n').at(-1) ?? ''}`;
}
