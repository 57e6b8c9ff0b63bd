import type { Command } from 'commander';
import { readCliSettings } from '../config/cli-settings.js';
import { Context } from './context.js';
import { CliFailure } from './cli-failure.js';

interface Resealed {
  checked: number;
  resealed: number;
  unreadable: string[];
}

/** `posthorn health`, `posthorn migrate` and `posthorn reseal` */
export function addOperationCommands(program: Command): void {
  program
    .command('health')
    .description('say whether the server and what it needs work')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      context.show(await context.client.call<object>('GET', '/readyz'));
    });
  program
    .command('migrate')
    .description('bring the database at DATABASE_URL up to this release')
    .action(async (_options, command: Command) => {
      const { databaseUrl } = readCliSettings();
      if (databaseUrl === '')
        throw new CliFailure(['Set DATABASE_URL. The embedded database migrates by itself.']);
      // TypeORM takes half a second to load, and only this command needs it.
      const { migrateAt } = await import('./migrate-at.js');
      await migrateAt(databaseUrl);
      new Context(command).printSentence('The database is up to date.');
    });
  program
    .command('reseal')
    .description('seal every stored secret with the newest of POSTHORN_ENCRYPTION_KEYS (needs the admin key)')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const answer = await context.client.call<Resealed>('POST', '/v1/secrets/reseal');
      const { checked, resealed, unreadable } = answer;
      context.printSentence(`${resealed} of ${checked} subscriptions were sealed anew.`, answer);
      if (unreadable.length === 0) return;
      throw new CliFailure([
        `${unreadable.length} cannot be opened, because a key that sealed them is not in POSTHORN_ENCRYPTION_KEYS:`,
        ...unreadable,
        'Add that key at the end of the list, restart and reseal again, or give them new secrets.',
      ]);
    });
}
