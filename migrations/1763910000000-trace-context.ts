import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The publisher's W3C trace context, for those that send one. */
export class TraceContext1763910000000 implements MigrationInterface {
  name = 'TraceContext1763910000000';

  async up(runner: QueryRunner): Promise<void> {
    // Nullable: no row is written, and null takes no room.
    await runner.query(`ALTER TABLE posthorn.events ADD COLUMN IF NOT EXISTS trace_context text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.events DROP COLUMN trace_context`);
  }
}
