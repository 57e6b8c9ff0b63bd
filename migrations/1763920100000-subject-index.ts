import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex } from './online.js';

/** What an event's subject is found by. Events without one do not enter it. */
export class SubjectIndex1763920100000 implements MigrationInterface {
  name = 'SubjectIndex1763920100000';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await buildIndex(runner, {
      name: 'events_subject',
      table: 'events',
      on: `(space_id, (coalesce(subject_id, lead_id)), id) WHERE coalesce(subject_id, lead_id) IS NOT NULL`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX posthorn.events_subject`);
  }
}
