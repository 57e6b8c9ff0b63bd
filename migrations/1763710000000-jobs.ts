import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replays and bulk retries. The row is the whole job: any worker goes on from `position`. */
export class Jobs1763710000000 implements MigrationInterface {
  name = 'Jobs1763710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.jobs (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        kind text NOT NULL,
        status text NOT NULL,
        dry_run boolean NOT NULL,
        request jsonb NOT NULL,
        -- The ids between these two are walked twice: once to count, once to do.
        since_id uuid NOT NULL,
        until_id uuid NOT NULL,
        counted boolean NOT NULL DEFAULT false,
        -- How far the walk has come.
        position uuid NOT NULL,
        total integer NOT NULL DEFAULT 0,
        done integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        next_slice_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        finished_at timestamptz
      )`);
    await runner.query(`CREATE INDEX jobs_space ON posthorn.jobs (space_id, id)`);
    await runner.query(`CREATE INDEX jobs_open ON posthorn.jobs (next_slice_at) WHERE finished_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.jobs`);
  }
}
