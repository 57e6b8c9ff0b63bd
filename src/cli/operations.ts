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
    .description('check the health of the server and its dependencies')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      context.show(await context.client.call<object>('GET', '/readyz'));
    });
  program
    .command('migrate')
    .description('migrate the database at DATABASE_DIRECT_URL or DATABASE_URL to this release')
    .option('--check', 'change nothing; exit with 1 when the database is behind or ahead')
    .option('--dry-run', 'change nothing; print the SQL')
    .action(async (options: { check?: boolean; dryRun?: boolean }, command: Command) => {
      const { databaseUrl: url, hasRedis } = readCliSettings();
      if (url === '') throw new CliFailure(['Set DATABASE_URL. The embedded database migrates by itself.']);
      // TypeORM takes half a second to load, and only this command needs it.
      const { migrateWithQueue, namesOf, outstandingAt, sqlOf } = await import('./migrate-at.js');
      const target = { url, hasQueue: !hasRedis };
      const context = new Context(command);
      if (options.check || options.dryRun) {
        const outstanding = await outstandingAt(target);
        const names = namesOf(outstanding);
        if (names.length > 0 && options.check)
          throw new CliFailure([
            `The database is behind this release. Run posthorn migrate: ${names.join(', ')}.`,
          ]);
        if (names.length > 0) {
          const lines = await sqlOf(outstanding);
          return context.printSentence(lines.join('\n'), { missing: names, sql: lines });
        }
      } else await migrateWithQueue(target);
      context.printSentence('The database is up to date.');
    });
  program
    .command('reseal')
    .description('encrypt all stored secrets again with the newest of POSTHORN_ENCRYPTION_KEYS (admin key)')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const answer = await context.client.call<Resealed>('POST', '/v1/secrets/reseal');
      const { checked, resealed, unreadable } = answer;
      context.printSentence(
        `The secrets of ${resealed} of ${checked} subscriptions were encrypted again.`,
        answer,
      );
      if (unreadable.length === 0) return;
      throw new CliFailure([
        `${unreadable.length} cannot be decrypted, because their key is not in POSTHORN_ENCRYPTION_KEYS:`,
        ...unreadable,
        'Add that key at the end of the list, restart and reseal again, or give them new secrets.',
      ]);
    });
}
