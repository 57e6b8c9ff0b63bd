import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a space may have, where that is not what everybody may; and how fast what several processes do is going on. */
export class Limits1763890000000 implements MigrationInterface {
  name = 'Limits1763890000000';

  async up(runner: QueryRunner): Promise<void> {
    // Without a default: no row is written.
    await runner.query(`ALTER TABLE posthorn.spaces ADD COLUMN IF NOT EXISTS limits jsonb`);
    // Unlogged: a crash of the server forgets what was counted in the last seconds, and no write waits for a disk.
    await runner.query(`
      CREATE UNLOGGED TABLE posthorn.rate_limits (
        key text PRIMARY KEY,
        -- Of a rate: until when its slots are given away. Of a window: its end.
        at timestamptz NOT NULL,
        used integer NOT NULL DEFAULT 0
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.rate_limits`);
    await runner.query(`ALTER TABLE posthorn.spaces DROP COLUMN limits`);
  }
}
