import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Retention of a space, legal holds, and the records of erasures. */
export class Erasures1763923000000 implements MigrationInterface {
  name = 'Erasures1763923000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.spaces ADD COLUMN retention jsonb`);
    // Of a replay: events whose data is gone.
    await runner.query(`ALTER TABLE posthorn.jobs ADD COLUMN skipped integer NOT NULL DEFAULT 0`);
    await runner.query(`
      CREATE TABLE posthorn.retention_walks (
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        kind text NOT NULL,
        -- The last id that was looked at.
        position uuid NOT NULL,
        began_at timestamptz NOT NULL,
        PRIMARY KEY (space_id, kind)
      )`);
    // No foreign key: a space on hold cannot be deleted, which is checked after its row has gone.
    await runner.query(`
      CREATE TABLE posthorn.legal_holds (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL,
        -- What it holds: events with these ids, of this subject, this event; null: whatever.
        since_id uuid NOT NULL,
        until_id uuid NOT NULL,
        event_id uuid,
        subject text,
        reason text NOT NULL,
        set_by text NOT NULL,
        created_at timestamptz NOT NULL,
        released_by text,
        released_at timestamptz
      )`);
    await runner.query(`CREATE INDEX legal_holds_space ON posthorn.legal_holds (space_id, id)`);
    await runner.query(
      `CREATE INDEX legal_holds_active ON posthorn.legal_holds (space_id) WHERE released_at IS NULL`,
    );
    // What an erasure did, without what it erased. It outlives its job.
    await runner.query(`
      CREATE TABLE posthorn.erasures (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL,
        requested_by text NOT NULL,
        criteria jsonb NOT NULL,
        mode text NOT NULL,
        dry_run boolean NOT NULL,
        status text NOT NULL,
        counts jsonb NOT NULL,
        verification jsonb,
        stopped text,
        created_at timestamptz NOT NULL,
        finished_at timestamptz
      )`);
    await runner.query(`CREATE INDEX erasures_space ON posthorn.erasures (space_id, id)`);
    // The ids of erased events that their publishers gave, as hashes: they stay reserved.
    await runner.query(`
      CREATE TABLE posthorn.erased_keys (
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        key bytea NOT NULL,
        event_id uuid NOT NULL,
        deliveries integer NOT NULL,
        fingerprint bytea,
        erased_at timestamptz NOT NULL,
        PRIMARY KEY (space_id, key)
      )`);
    await runner.query(`CREATE INDEX erased_keys_age ON posthorn.erased_keys (erased_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE posthorn.erased_keys, posthorn.erasures, posthorn.legal_holds, posthorn.retention_walks`,
    );
    await runner.query(`ALTER TABLE posthorn.spaces DROP COLUMN retention`);
    await runner.query(`ALTER TABLE posthorn.jobs DROP COLUMN skipped`);
  }
}
