import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Short-lived ways into one space. A link goes with the key that made it. */
export class PortalLinks1763720000000 implements MigrationInterface {
  name = 'PortalLinks1763720000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.portal_links (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        -- Null: the operator made it.
        key_id uuid REFERENCES posthorn.api_keys ON DELETE CASCADE,
        scope text NOT NULL,
        hash bytea NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX portal_links_space ON posthorn.portal_links (space_id, id)`);
    await runner.query(`CREATE INDEX portal_links_key ON posthorn.portal_links (key_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.portal_links`);
  }
}
