import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Call {
  id: number;
  command: string;
  input: unknown;
}

interface Answer {
  id: number;
  output?: unknown;
  error?: string;
}

/** What a program of the benchmark can be told to do, by name. */
export type Commands = Record<string, (input: never) => unknown>;

type Input<F> = F extends (input: infer I) => unknown ? I : never;
type Output<F> = F extends (input: never) => infer O ? Awaited<O> : never;

/** Makes this process one that does what its parent tells it. */
export function serve(commands: Commands): void {
  process.on('message', (message) => {
    const { id, command, input } = message as Call;
    void (async () => {
      try {
        const run = commands[command] as ((input: unknown) => unknown) | undefined;
        if (run === undefined) throw new Error(`There is no command ${command}.`);
        process.send?.({ id, output: await run(input) } satisfies Answer);
      } catch (error) {
        process.send?.({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
      }
    })();
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent ends its children when it has stopped the engine.
  process.on('SIGINT', () => undefined);
}

/** A program of the benchmark in a process of its own. */
export class Peer<C extends Commands> {
  private readonly waiting = new Map<
    number,
    { resolve: (output: never) => void; reject: (e: Error) => void }
  >();
  private nextId = 1;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => this.onAnswer(message as Answer));
    child.once('exit', (code, signal) => {
      const problem = new Error(`A process of the benchmark ended: ${signal ?? code}`);
      for (const { reject } of this.waiting.values()) reject(problem);
    });
  }

  static start<C extends Commands>(file: string): Peer<C> {
    const loader = join(ROOT, 'test/support/typescript.mjs');
    const child = fork(join(import.meta.dirname, file), { execArgv: ['--import', loader] });
    return new Peer<C>(child);
  }

  call<K extends keyof C & string>(command: K, input: Input<C[K]>): Promise<Output<C[K]>> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, command, input } satisfies Call);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private onAnswer({ id, output, error }: Answer): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) call?.resolve(output as never);
    else call?.reject(new Error(error));
  }
}
