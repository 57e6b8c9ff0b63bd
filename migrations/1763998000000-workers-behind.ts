import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers say for which endpoints more waits than they can send, so that processes of the role api can slow down. */
export class WorkersBehind1763998000000 implements MigrationInterface {
  name = 'WorkersBehind1763998000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.endpoint_throttles ADD COLUMN is_behind boolean NOT NULL DEFAULT false`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.endpoint_throttles DROP COLUMN is_behind`);
  }
}
