import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What workers have seen of endpoints: until when a TLS certificate is valid, and which ones they hold back. */
export class EndpointState1763987600000 implements MigrationInterface {
  name = 'EndpointState1763987600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.endpoint_certificates (
        subscription_id uuid PRIMARY KEY REFERENCES posthorn.subscriptions ON DELETE CASCADE,
        valid_to timestamptz NOT NULL,
        seen_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX endpoint_certificates_end ON posthorn.endpoint_certificates (valid_to)`);
    // Unlogged: it is written every few seconds, and after a crash nothing is held back any more.
    await runner.query(`
      CREATE UNLOGGED TABLE posthorn.endpoint_throttles (
        worker_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        concurrency integer NOT NULL,
        in_flight integer NOT NULL,
        waiting integer NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (subscription_id, worker_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.endpoint_throttles`);
    await runner.query(`DROP TABLE posthorn.endpoint_certificates`);
  }
}
