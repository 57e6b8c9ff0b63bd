import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receivers inside the engine, for trying out: how they answer, and the last requests they got. */
export class TestReceivers1763740000000 implements MigrationInterface {
  name = 'TestReceivers1763740000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.test_receivers (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        status integer NOT NULL DEFAULT 200,
        delay_ms integer NOT NULL DEFAULT 0,
        retry_after_seconds integer,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX test_receivers_space ON posthorn.test_receivers (space_id, id)`);
    await runner.query(`
      CREATE TABLE posthorn.test_requests (
        id uuid PRIMARY KEY,
        receiver_id uuid NOT NULL REFERENCES posthorn.test_receivers ON DELETE CASCADE,
        method text NOT NULL,
        path text NOT NULL,
        headers jsonb NOT NULL,
        body bytea NOT NULL,
        truncated boolean NOT NULL
      )`);
    await runner.query(`CREATE INDEX test_requests_receiver ON posthorn.test_requests (receiver_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.test_requests`);
    await runner.query(`DROP TABLE posthorn.test_receivers`);
  }
}
