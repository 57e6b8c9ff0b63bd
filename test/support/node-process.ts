import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A program in a process of its own: TypeScript, or JavaScript that was built. */
export class NodeProcess {
  stdout = '';
  stderr = '';
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  /**
   * Runs `file` (a path from the repository's root) with this environment only, away from any `.env`; `detached`: in a
   * group of its own.
   */
  static run(
    file: string,
    args: string[] = [],
    env: NodeJS.ProcessEnv = {},
    { detached = false } = {},
  ): NodeProcess {
    const child = spawn(
      process.execPath,
      [
        ...(file.endsWith('.ts') ? ['--import', join(root, 'test/support/typescript.mjs')] : []),
        join(root, file),
        ...args,
      ],
      { env: { PATH: process.env.PATH, ...env }, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'], detached },
    );
    return new NodeProcess(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends a detached one with all that is in its group. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }
}
