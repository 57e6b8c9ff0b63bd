import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What differs from profile to profile, on the subscription it was chosen for. */
export class Profiles1763800000000 implements MigrationInterface {
  name = 'Profiles1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SEQUENCE posthorn.provider_ids`);
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        -- What only this profile's subscriptions have.
        ADD COLUMN profile_options jsonb NOT NULL DEFAULT '{}',
        -- What the provider's own API calls it, where that is not its id.
        ADD COLUMN provider_id text,
        -- Whether every failed attempt counts towards a pause, or each delivery that failed for good.
        ADD COLUMN pause_unit text NOT NULL DEFAULT 'attempt',
        -- Whether a success starts the count anew.
        ADD COLUMN pause_mode text NOT NULL DEFAULT 'consecutive',
        -- What becomes of its events while it is paused: 'hold' or 'skip'.
        ADD COLUMN while_paused text NOT NULL DEFAULT 'hold',
        ADD CONSTRAINT subscriptions_provider_id UNIQUE (profile, provider_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        DROP COLUMN profile_options, DROP COLUMN provider_id, DROP COLUMN pause_unit, DROP COLUMN pause_mode,
        DROP COLUMN while_paused`);
    await runner.query(`DROP SEQUENCE posthorn.provider_ids`);
  }
}
