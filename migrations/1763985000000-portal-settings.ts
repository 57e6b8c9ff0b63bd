import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each space's portal looks, and links that may do only some things. */
export class PortalSettings1763985000000 implements MigrationInterface {
  name = 'PortalSettings1763985000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.portal_settings (
        space_id uuid PRIMARY KEY REFERENCES posthorn.spaces ON DELETE CASCADE,
        look jsonb NOT NULL,
        logo bytea,
        logo_type text,
        updated_at timestamptz NOT NULL
      )`);
    // Null: all that the scope allows.
    await runner.query(`ALTER TABLE posthorn.portal_links ADD COLUMN rights text[]`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.portal_links DROP COLUMN rights`);
    await runner.query(`DROP TABLE posthorn.portal_settings`);
  }
}
