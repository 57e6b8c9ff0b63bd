import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells idle workers of new work (ADR 36), only while one of them holds the lock that says so: a commit with a
 * notification waits for all others. And the list of processes, by which nothing is decided, is not
 * logged.
 */
export class WakeWorkers1763986500000 implements MigrationInterface {
  name = 'WakeWorkers1763986500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION posthorn.wake_workers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF NOT pg_try_advisory_xact_lock_shared(7340040) THEN PERFORM pg_notify('posthorn_work', ''); END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER wake_workers AFTER INSERT OR UPDATE OF options ON posthorn.inbox
      FOR EACH STATEMENT EXECUTE FUNCTION posthorn.wake_workers()`);
    for (const table of ['jobs', 'broadcasts'])
      await runner.query(`
        CREATE TRIGGER wake_workers AFTER INSERT ON posthorn.${table}
        FOR EACH STATEMENT EXECUTE FUNCTION posthorn.wake_workers()`);
    await runner.query('ALTER TABLE posthorn.processes SET UNLOGGED');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE posthorn.processes SET LOGGED');
    for (const table of ['inbox', 'jobs', 'broadcasts'])
      await runner.query(`DROP TRIGGER wake_workers ON posthorn.${table}`);
    await runner.query('DROP FUNCTION posthorn.wake_workers()');
  }
}
