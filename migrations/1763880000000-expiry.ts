import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries may end because their time is over: what is held for long, and what its publisher gave an end. */
export class Expiry1763880000000 implements MigrationInterface {
  name = 'Expiry1763880000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        -- For how many days, and of how many deliveries, it holds what waits for it; null: the instance's.
        ADD COLUMN held_days integer,
        ADD COLUMN held_max integer`);
    // Only events that end have a row: all others cost nothing, and no large table has a new column.
    await runner.query(`
      CREATE TABLE posthorn.event_expiries (
        event_id uuid PRIMARY KEY,
        expires_at timestamptz NOT NULL,
        -- Whether its deliveries have been ended. What a person asks for afterwards is sent.
        done boolean NOT NULL DEFAULT false
      )`);
    await runner.query(
      `CREATE INDEX event_expiries_due ON posthorn.event_expiries (expires_at) WHERE NOT done`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.event_expiries`);
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN held_days, DROP COLUMN held_max`);
  }
}
