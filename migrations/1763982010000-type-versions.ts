import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions and named examples of event types, and what subscriptions say of tags and versions. */
export class TypeVersions1763982010000 implements MigrationInterface {
  name = 'TypeVersions1763982010000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['event_types', 'instance_event_types'])
      await runner.query(`
        ALTER TABLE posthorn.${table}
          ADD COLUMN IF NOT EXISTS versions jsonb,
          -- JSON text, as the example.
          ADD COLUMN IF NOT EXISTS examples text`);
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        ADD COLUMN IF NOT EXISTS scope_tags jsonb,
        ADD COLUMN IF NOT EXISTS event_type_versions jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.subscriptions DROP COLUMN scope_tags, DROP COLUMN event_type_versions`,
    );
    for (const table of ['event_types', 'instance_event_types'])
      await runner.query(`ALTER TABLE posthorn.${table} DROP COLUMN versions, DROP COLUMN examples`);
  }
}
