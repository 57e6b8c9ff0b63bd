import { chownSync, chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { unprivilegedAccount } from '../../src/database/embedded-account.js';
import { SystemPostgres } from '../support/system-postgres.js';

const CERTIFICATES = join(import.meta.dirname, '..', 'fixtures', 'tls');
const CA = join(CERTIFICATES, 'ca.pem');
/** Whoever has a password such as this one. */
const PASSWORD = 'p@:/%# ?&=+"\'ü漢€\\';

const IS_ENCRYPTED = `SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;

/** Whether the connection is encrypted; else why there is none. */
async function reach(url: string): Promise<boolean | string> {
  try {
    const source = createDataSource({ url, entities: [], poolSize: 1 });
    try {
      await connect(source);
      return (await source.query<{ ssl: boolean }[]>(IS_ENCRYPTED))[0]?.ssl ?? false;
    } finally {
      if (source.isInitialized) await source.destroy();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a server with TLS, and without', () => {
  let withTls: SystemPostgres;
  let elsewhere: SystemPostgres;
  let without: SystemPostgres;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-tls-'));
    chmodSync(folder, 0o755);
    const own = (name: string) => {
      const path = join(folder, name);
      copyFileSync(join(CERTIFICATES, name), path);
      const account = unprivilegedAccount();
      if (account) chownSync(path, account.uid, account.gid);
      chmodSync(path, 0o600);
      return path;
    };
    const tls = (name: string) => ({
      ssl: 'on',
      ssl_cert_file: own(`${name}.pem`),
      ssl_key_file: own(`${name}-key.pem`),
    });
    const trust = ['local all all trust'];
    const hba = [
      ...trust,
      'hostssl all secret all scram-sha-256',
      'host all plain all trust',
      'hostssl all postgres all trust',
    ];
    withTls = await SystemPostgres.start({ settings: tls('localhost'), hba });
    elsewhere = await SystemPostgres.start({ settings: tls('elsewhere') });
    without = await SystemPostgres.start();
    await withTls.sql('CREATE ROLE plain LOGIN');
    await withTls.sql(`CREATE ROLE secret LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
  }, 120_000);
  afterAll(async () => {
    for (const server of [withTls, elsewhere, without]) await server.stop();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['', /requires TLS\. Add sslmode=require/],
    ['?sslmode=disable', /requires TLS/],
    ['?sslmode=allow', true],
    ['?sslmode=prefer', true],
    ['?sslmode=require', true],
    [`?sslmode=require&sslrootcert=${CA}`, true],
    [`?sslmode=verify-ca&sslrootcert=${CA}`, true],
    [`?sslmode=verify-full&sslrootcert=${CA}`, true],
    ['?sslmode=verify-full', /unable to verify|self.signed|local issuer/],
    ['?sslmode=verify-ca', /verify-ca needs sslrootcert/],
    ['?sslmode=verify-full&sslrootcert=/nowhere.pem', /TLS settings cannot be used: ENOENT/],
    ['?sslmode=none', /sslmode "none" is not one of disable, allow/],
  ])('that wants TLS: %s', async (query, expected) => {
    const found = await reach(withTls.url() + query);
    if (expected === true) expect(found).toBe(true);
    else expect(found).toMatch(expected as RegExp);
  });

  it('whose certificate has another name: only verify-full minds', async () => {
    expect(await reach(`${elsewhere.url()}?sslmode=require`)).toBe(true);
    expect(await reach(`${elsewhere.url()}?sslmode=verify-ca&sslrootcert=${CA}`)).toBe(true);
    expect(await reach(`${elsewhere.url()}?sslmode=verify-full&sslrootcert=${CA}`)).toMatch(/altnames|IP/i);
  });

  it('that takes both, or has no TLS: allow goes without, prefer with it where it can', async () => {
    const plain = withTls.url('postgres', 'plain');
    expect(await reach(`${plain}?sslmode=allow`)).toBe(false);
    expect(await reach(`${plain}?sslmode=prefer`)).toBe(true);
    expect(await reach(plain)).toBe(false);
    expect(await reach(`${without.url()}?sslmode=prefer`)).toBe(false);
    expect(await reach(`${without.url()}?sslmode=allow`)).toBe(false);
    expect(await reach(`${without.url()}?sslmode=require`)).toMatch(/does not support SSL/);
  });

  it('reads PGSSLMODE and PGSSLROOTCERT where the address says nothing', async () => {
    Object.assign(process.env, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: CA });
    try {
      expect(await reach(`${withTls.url()}?application_name=variables`)).toBe(true);
      expect(await reach(`${elsewhere.url()}?application_name=variables`)).toMatch(/altnames|IP/i);
    } finally {
      delete process.env.PGSSLMODE;
      delete process.env.PGSSLROOTCERT;
    }
  });

  it('lets in with a password of any characters, from the address or PGPASSWORD', async () => {
    const server = `127.0.0.1:${withTls.port}/postgres?sslmode=require`;
    expect(await reach(`postgres://secret:${encodeURIComponent(PASSWORD)}@${server}`)).toBe(true);
    expect(await reach(`postgres://secret:wrong@${server}`)).toMatch(/refused the login of user "secret"/);
    process.env.PGPASSWORD = PASSWORD;
    try {
      expect(await reach(`postgres://secret@${server}`)).toBe(true);
    } finally {
      delete process.env.PGPASSWORD;
    }
  });

  it('is reached by its Unix socket, where TLS is never used', async () => {
    const { socketFolder, port } = withTls;
    for (const query of ['', '&sslmode=require'])
      expect(
        await reach(`postgres://postgres@localhost/postgres?host=${socketFolder}&port=${port}${query}`),
      ).toBe(false);
  });
});
