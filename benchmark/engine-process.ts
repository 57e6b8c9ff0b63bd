import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
/** What `npm start` gives to Node: options, and the file. */
const START = startArguments();
const START_MS = 60_000;
const STOP_MS = 40_000;
const LOOK_MS = 2;

/** One process of the built engine, as `npm start` runs it. */
export class EngineProcess {
  private output = '';

  private constructor(private readonly child: ChildProcess) {}

  /**
   * Waits until it says that it is up. `nodeOptions` go before the file, as `--cpu-prof` has to; one that `npm start`
   * gives, too, replaces it.
   */
  static async start(
    cwd: string,
    env: NodeJS.ProcessEnv,
    nodeOptions: readonly string[] = [],
  ): Promise<EngineProcess> {
    const nameOf = (option: string) => option.split('=')[0];
    const usual = START.filter((option) => !nodeOptions.some((given) => nameOf(given) === nameOf(option)));
    const child = spawn(process.execPath, [...nodeOptions, ...usual], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new EngineProcess(child);
    const log = createWriteStream(join(cwd, `${env.POSTHORN_ROLE ?? 'all'}-${child.pid}.log`));
    child.stderr.pipe(log);
    child.stdout.pipe(log);
    child.stdout.on('data', (chunk: Buffer) => started.keepStart(chunk));
    child.stderr.on('data', (chunk: Buffer) => started.keepStart(chunk));
    await started.untilUp();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Where its API answers; empty for a worker. */
  get url(): string {
    return /Posthorn listens on (\S+?),? /.exec(this.output)?.[1] ?? '';
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    const deadline = performance.now() + STOP_MS;
    while (this.hasNotEnded()) {
      if (performance.now() > deadline) this.child.kill('SIGKILL');
      await delay(20);
    }
  }

  private async untilUp(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!/Posthorn (listens|delivers)/.test(this.output)) {
      if (!this.hasNotEnded() || performance.now() > deadline) {
        throw new Error(`The engine did not start:\n${this.output.slice(-4_000)}`);
      }
      await delay(LOOK_MS);
    }
  }

  private keepStart(chunk: Buffer): void {
    if (this.output.length < 16_384) this.output += chunk.toString();
  }

  private hasNotEnded(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [, ...options] = scripts.start.split(' ');
  const file = options.pop() ?? '';
  return [...options, join(ROOT, file)];
}
