import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What waits for one endpoint, in the order it leaves. A resume makes everything that was held due at the same moment:
 * without the id in the index each look for the next thousand sorts all of them, 82 ms instead of 2 among 300,000.
 */
export class WaitingOrder1763830000000 implements MigrationInterface {
  name = 'WaitingOrder1763830000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX posthorn.deliveries_waiting`);
    await runner.query(
      `CREATE INDEX deliveries_waiting ON posthorn.deliveries (subscription_id, next_attempt_at, id) WHERE status = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX posthorn.deliveries_waiting`);
    await runner.query(
      `CREATE INDEX deliveries_waiting ON posthorn.deliveries (subscription_id, next_attempt_at) WHERE status = 'pending'`,
    );
  }
}
