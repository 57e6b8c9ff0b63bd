import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What subscriptions that hear of each thing only once have heard of. */
export class Firsts1763810000000 implements MigrationInterface {
  name = 'Firsts1763810000000';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign key to subscriptions: one that is deleted in this moment must not fail a publish for others.
    await runner.query(`
      CREATE TABLE posthorn.firsts (
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        subscription_id uuid NOT NULL,
        -- SHA-256 of what it hears of once.
        key bytea NOT NULL,
        -- The event that was the first.
        event_id uuid NOT NULL,
        PRIMARY KEY (space_id, subscription_id, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.firsts`);
  }
}
