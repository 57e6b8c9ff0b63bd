import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who changed what. Rows have no foreign keys, since they outlive what they tell of. JSON as text, which keeps numbers
 * as they were written. Engines of the release before write none.
 */
export class Audit1763931000000 implements MigrationInterface {
  name = 'Audit1763931000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.audit_entries (
        id uuid PRIMARY KEY,
        space_id uuid,
        actor_kind text NOT NULL,
        actor_id text,
        actor_name text,
        via text NOT NULL,
        action text NOT NULL,
        target_type text NOT NULL,
        target_id text NOT NULL,
        target_name text,
        before text,
        after text,
        ip text,
        user_agent text,
        request_id text
      )`);
    await runner.query(`CREATE INDEX audit_entries_space ON posthorn.audit_entries (space_id, id)`);
    await runner.query(`CREATE INDEX audit_entries_target ON posthorn.audit_entries (target_id, id)`);
    await runner.query(`CREATE INDEX audit_entries_actor ON posthorn.audit_entries (actor_id, id)`);
    await runner.query(`
      CREATE FUNCTION posthorn.audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'Audit entries are never changed.';
      END $$`);
    await runner.query(`
      CREATE TRIGGER stay BEFORE UPDATE ON posthorn.audit_entries
      FOR EACH ROW EXECUTE FUNCTION posthorn.audit_entries_stay()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.audit_entries`);
    await runner.query(`DROP FUNCTION posthorn.audit_entries_stay()`);
  }
}
