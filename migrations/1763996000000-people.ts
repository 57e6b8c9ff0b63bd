import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who sign in, what they may do, and their sessions. Engines of the release before know none of it. */
export class People1763996000000 implements MigrationInterface {
  name = 'People1763996000000';

  async up(runner: QueryRunner): Promise<void> {
    // Rows stay after a removal, since the audit log names people by them. Erasing one takes its address and name away.
    await runner.query(`
      CREATE TABLE posthorn.people (
        id uuid PRIMARY KEY,
        email text,
        name text,
        role text,
        oidc_issuer text,
        oidc_subject text,
        created_at timestamptz NOT NULL,
        signed_in_at timestamptz,
        removed_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX people_email_key ON posthorn.people (email) WHERE removed_at IS NULL`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX people_oidc_key ON posthorn.people (oidc_issuer, oidc_subject) WHERE removed_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE posthorn.space_roles (
        person_id uuid NOT NULL REFERENCES posthorn.people ON DELETE CASCADE,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        role text NOT NULL,
        PRIMARY KEY (person_id, space_id)
      )`);
    await runner.query(`CREATE INDEX space_roles_space ON posthorn.space_roles (space_id, person_id)`);
    await runner.query(`
      CREATE TABLE posthorn.sessions (
        id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES posthorn.people ON DELETE CASCADE,
        hash bytea NOT NULL UNIQUE,
        way text NOT NULL,
        created_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ip text,
        user_agent text
      )`);
    await runner.query(`CREATE INDEX sessions_person ON posthorn.sessions (person_id, id)`);
    await runner.query(`CREATE INDEX sessions_expires_at ON posthorn.sessions (expires_at)`);
    await runner.query(`
      CREATE TABLE posthorn.sign_in_links (
        hash bytea PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES posthorn.people ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX sign_in_links_person ON posthorn.sign_in_links (person_id)`);
    await runner.query(`CREATE INDEX sign_in_links_expires_at ON posthorn.sign_in_links (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sign_in_links', 'sessions', 'space_roles', 'people'])
      await runner.query(`DROP TABLE posthorn.${table}`);
  }
}
