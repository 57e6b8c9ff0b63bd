import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has been written to the archive of finished days. */
export class Archive1763940000000 implements MigrationInterface {
  name = 'Archive1763940000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.archived_days (
        day date PRIMARY KEY,
        -- Complete passes: 0 until the day is archived; later ones hold what changed since.
        passes integer NOT NULL DEFAULT 0,
        -- When the last complete pass began: what changed from then on is not in it.
        covered_until timestamptz,
        -- Of the pass under way: when it began, and how far it has come.
        began_at timestamptz,
        position jsonb,
        failures integer NOT NULL DEFAULT 0,
        next_try_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE posthorn.archived_parts (
        day date NOT NULL REFERENCES posthorn.archived_days ON DELETE CASCADE,
        pass integer NOT NULL,
        part integer NOT NULL,
        space_id uuid NOT NULL,
        kind text NOT NULL,
        key text NOT NULL,
        rows integer NOT NULL,
        bytes integer NOT NULL,
        sha256 text NOT NULL,
        PRIMARY KEY (day, pass, part)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.archived_parts, posthorn.archived_days`);
  }
}
