import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Data of events is compressed with LZ4 where the server has it, in the partitions that are made from now on:
 * PostgreSQL's own compression takes some 2 ms of CPU for 64 KB.
 */
export class EventCompression1763997000000 implements MigrationInterface {
  name = 'EventCompression1763997000000';

  async up(runner: QueryRunner): Promise<void> {
    const found = (await runner.query(
      `SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)`,
    )) as object[];
    if (found.length === 0) return;
    await runner.query(`ALTER TABLE ONLY posthorn.events ALTER COLUMN data SET COMPRESSION lz4`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ONLY posthorn.events ALTER COLUMN data SET COMPRESSION default`);
  }
}
