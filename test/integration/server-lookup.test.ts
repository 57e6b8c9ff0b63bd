import { parseDatabaseAddress } from '../../src/config/database-address.js';
import { ServerLookup } from '../../src/database/server-lookup.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { refusedPort } from '../support/receiver.js';
import { startSilentAddress } from '../support/silent-address.js';

describe('of several hosts of a database', () => {
  let database: TestDatabase;
  let silent: Awaited<ReturnType<typeof startSilentAddress>>;
  let hosts: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    const [silentPort, refusing] = [await refusedPort(), await refusedPort()];
    silent = await startSilentAddress('127.0.0.1', silentPort);
    hosts = {
      silent: `127.0.0.1:${silentPort}`,
      refusing: `127.0.0.1:${refusing}`,
      primary: new URL(database.url).host,
    };
  });
  afterAll(async () => {
    await silent.close();
    await database.drop();
  });

  it.each([
    ['silent, refusing, primary'],
    ['refusing, silent, primary'],
    ['silent, refusing, refusing, primary'],
    ['silent, silent, refusing, primary'],
  ])(
    '%s: the primary is found',
    async (names) => {
      const list = names.split(', ').map((name) => hosts[name] ?? '');
      const url = new URL(database.url);
      const text = `postgres://${url.username}:${url.password}@${list.join(',')}${url.pathname}?target_session_attrs=read-write`;
      const address = parseDatabaseAddress(text);
      if (address === null) throw new Error('No address.');
      const lookup = new ServerLookup(address, { connectionString: address.url }, [], null);
      try {
        const { place } = await lookup.result;
        expect(`${place.host}:${place.port}`).toBe(hosts.primary);
      } finally {
        lookup.end();
      }
    },
    5_000,
  );
});
