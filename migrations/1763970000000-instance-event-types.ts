import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Event types of the whole instance, and what each space decides about its catalogue. */
export class InstanceEventTypes1763970000000 implements MigrationInterface {
  name = 'InstanceEventTypes1763970000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.instance_event_types (
        name text PRIMARY KEY,
        family text NOT NULL,
        description text NOT NULL,
        schema jsonb NOT NULL,
        example text NOT NULL,
        deprecated boolean NOT NULL DEFAULT false,
        replaced_by text,
        -- Only spaces that have this feature see the type.
        feature text,
        validation text,
        -- By whom it was defined: api, file or code.
        source text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    // One row. Its revision grows with each change of the table above, so that processes know what they remember of it.
    await runner.query(`
      CREATE TABLE posthorn.catalogue_revision (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        revision bigint NOT NULL
      )`);
    await runner.query(`INSERT INTO posthorn.catalogue_revision (revision) VALUES (0)`);
    await runner.query(`
      ALTER TABLE posthorn.event_types
        ADD COLUMN IF NOT EXISTS deprecated boolean NOT NULL DEFAULT false,
        ADD COLUMN IF NOT EXISTS replaced_by text,
        ADD COLUMN IF NOT EXISTS validation text`);
    await runner.query(`ALTER TABLE posthorn.spaces ADD COLUMN IF NOT EXISTS catalogue jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.spaces DROP COLUMN catalogue`);
    await runner.query(
      `ALTER TABLE posthorn.event_types DROP COLUMN deprecated, DROP COLUMN replaced_by, DROP COLUMN validation`,
    );
    await runner.query(`DROP TABLE posthorn.catalogue_revision`);
    await runner.query(`DROP TABLE posthorn.instance_event_types`);
  }
}
