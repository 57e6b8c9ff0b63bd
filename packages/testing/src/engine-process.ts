import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the engine's process says first. */
export interface Ready {
  url: string;
  key: string;
  now: number;
}

type Answer = { n: number; now: number; error?: string } | Ready;

/** Where `posthorn` is installed, seen from the application that is tested. */
function engineProgram(): string {
  const require = createRequire(join(process.cwd(), 'package.json'));
  try {
    return join(dirname(require.resolve('posthorn/package.json')), 'dist/src/testing/main.js');
  } catch (error) {
    throw new Error('A test engine needs the package posthorn: `npm install --save-dev posthorn`.', {
      cause: error,
    });
  }
}

/** The engine, in a process of its own: nothing of it gets into the test's modules, and it ends with the test. */
export class EngineProcess {
  private n = 0;
  private output = '';
  private readonly open = new Map<number, (answer: { now: number; error?: string }) => void>();

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on(
      'data',
      (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-4_000)),
    );
    child.on('message', (answer: Answer) => {
      if ('n' in answer) this.open.get(answer.n)?.(answer);
    });
  }

  static async start(start: object): Promise<{ process: EngineProcess; ready: Ready }> {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = spawn(process.execPath, [engineProgram(), JSON.stringify(start)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const engine = new EngineProcess(child);
    const ready = once(child, 'message') as Promise<[Ready]>;
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The test engine did not start.\n${engine.output}`);
    });
    const [first] = await Promise.race([ready, ended]);
    // From here on an end is an answer to questions that are open.
    ended.catch(() => engine.fail());
    return { process: engine, ready: first };
  }

  /** Asks, and gives the engine's time once it has done so. */
  ask(ask: 'advance' | 'settle' | 'stop', ms?: number): Promise<number> {
    if (!this.child.connected) return Promise.reject(new Error('The test engine was stopped.'));
    const n = (this.n += 1);
    return new Promise((resolve, reject) => {
      this.open.set(n, ({ now, error }) => {
        this.open.delete(n);
        if (error === undefined) resolve(now);
        else reject(new Error(error));
      });
      this.child.send({ n, ask, ...(ms !== undefined && { ms }) });
    });
  }

  /** Stops it, removes its database, and waits until its process is gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    await this.ask('stop');
    await gone;
  }

  private fail(): void {
    for (const answer of this.open.values())
      answer({ now: 0, error: `The test engine ended.\n${this.output}` });
  }
}
