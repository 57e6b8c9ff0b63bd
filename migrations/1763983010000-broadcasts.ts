import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events for many spaces. The row is the whole work: any worker goes on from `position`. */
export class Broadcasts1763983010000 implements MigrationInterface {
  name = 'Broadcasts1763983010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.broadcasts (
        id uuid PRIMARY KEY,
        status text NOT NULL,
        -- Null: all spaces.
        tag text,
        -- What a repetition of the request is known by.
        key text UNIQUE,
        fingerprint bytea NOT NULL,
        type text NOT NULL,
        uid text,
        -- JSON text of the event; null once the broadcast has ended.
        event text,
        -- The last space that has had it.
        position uuid NOT NULL,
        spaces integer NOT NULL,
        published integer NOT NULL DEFAULT 0,
        skipped integer NOT NULL DEFAULT 0,
        failed integer NOT NULL DEFAULT 0,
        deliveries bigint NOT NULL DEFAULT 0,
        problems jsonb NOT NULL DEFAULT '[]',
        failures integer NOT NULL DEFAULT 0,
        next_slice_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        finished_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX broadcasts_open ON posthorn.broadcasts (next_slice_at) WHERE finished_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.broadcasts`);
  }
}
