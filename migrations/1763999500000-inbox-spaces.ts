import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which workers find the spaces that have something in the inbox, and take their events in turns. */
export class InboxSpaces1763999500000 implements MigrationInterface {
  name = 'InboxSpaces1763999500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX inbox_spaces ON posthorn.inbox (space_id, id) WHERE refused IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX posthorn.inbox_spaces`);
  }
}
