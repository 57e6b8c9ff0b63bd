import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';

/** `posthorn dev` */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description('run a server on this machine for trying out, or a simulated provider')
    .option('--as <profile>', 'the provider: lemlist, smartlead, breakcold, leadlex …')
    .option('--every <time>', 'send a sample event at an interval such as 5s (with --as)')
    .option(
      '--scenario <name>',
      'simulate a sequence of events for one lead: reply, bounce, unsubscribe or hot-lead (with --as)',
    )
    .action(async (options: { as?: string; every?: string; scenario?: string }) => {
      const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
      // A process of its own: this command talks HTTP only, and Ctrl-C reaches both. The channel tells it when this one
      // is killed.
      const server = spawn(process.execPath, [join(import.meta.dirname, '..', 'dev', 'main.js'), ...args], {
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      });
      const pass = (signal: NodeJS.Signals) => server.kill(signal);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
      const [code] = (await once(server, 'exit')) as [number | null];
      process.exitCode = code ?? 1;
    });
}
