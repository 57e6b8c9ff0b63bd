import type { QueryRunner } from 'typeorm';
import { StartupError } from '../config/startup-error.js';
import { version } from '../config/version.js';
import { prepareAt, schemaStateAt } from '../database/migrate-at.js';
import { checkNotNewer, type SchemaState } from '../database/schema-state.js';
import { migrateQueueAt, queueSchemaAt, type QueueSchema } from '../queue/queue-schema.js';
import { CliFailure } from './cli-failure.js';

/** What `posthorn migrate` is about. */
export interface MigrateTarget {
  url: string;
  /** Whether the queue is in the database, too. */
  hasQueue: boolean;
}

/** What is to be done there. */
export interface Outstanding {
  missing: SchemaState['missing'];
  queue: QueueSchema | null;
}

/** Throws `CliFailure` when the database cannot be reached or migrated. */
export async function migrateWithQueue({ url, hasQueue }: MigrateTarget): Promise<void> {
  await orFail(async () => {
    await prepareAt(url);
    if (hasQueue) await migrateQueueAt(url);
  });
}

/** Changes nothing. Throws `CliFailure` also when the schema is newer than this release. */
export async function outstandingAt({ url, hasQueue }: MigrateTarget): Promise<Outstanding> {
  return orFail(async () => {
    const state = await schemaStateAt(url);
    checkNotNewer(state);
    const queue = hasQueue ? await queueSchemaAt(url) : null;
    return { missing: state.missing, queue: queue && queue.has < queue.needs ? queue : null };
  });
}

/** The names of what is to be done. */
export function namesOf({ missing, queue }: Outstanding): string[] {
  const names = missing.map(({ name }) => name);
  return queue ? [...names, `bullmq ${queue.has} to ${queue.needs}`] : names;
}

/** What would be done, as SQL with comments. */
export async function sqlOf({ missing, queue }: Outstanding): Promise<string[]> {
  const lines = [`-- Posthorn ${version}. Nothing has been changed.`];
  for (const { name, instance } of missing) {
    lines.push('', `-- ${name}`);
    if (instance?.transaction === false) lines.push('-- In steps, while other processes are running.');
    else lines.push('BEGIN;', ...(await recorded((runner) => instance?.up(runner))), 'COMMIT;');
  }
  if (queue)
    lines.push(
      '',
      `-- The queue's tables in the schema bullmq, from version ${queue.has} to ${queue.needs}.`,
    );
  return lines;
}

/** The statements that a migration would run. None of ours asks for rows within its transaction. */
async function recorded(work: (runner: QueryRunner) => Promise<unknown> | undefined): Promise<string[]> {
  const statements: string[] = [];
  const query = (text: string) => {
    statements.push(`${text.trim().replace(/;$/, '')};`);
    return Promise.resolve([]);
  };
  await work({ query } as unknown as QueryRunner);
  return statements;
}

async function orFail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StartupError ? new CliFailure(error.problems) : error;
  }
}
