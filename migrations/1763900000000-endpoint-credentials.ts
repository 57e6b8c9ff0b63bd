import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a subscription proves itself with to its endpoint besides signatures: a client certificate, OAuth2. Sealed. */
export class EndpointCredentials1763900000000 implements MigrationInterface {
  name = 'EndpointCredentials1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    // Without a default: no row is written.
    await runner.query(`ALTER TABLE posthorn.subscriptions
      ADD COLUMN IF NOT EXISTS client_certificate bytea, ADD COLUMN IF NOT EXISTS oauth2 bytea`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.subscriptions DROP COLUMN oauth2, DROP COLUMN client_certificate`,
    );
  }
}
