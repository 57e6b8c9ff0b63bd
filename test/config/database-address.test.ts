import { parseDatabaseAddress } from '../../src/config/database-address.js';

describe('the address of a database', () => {
  it('is passed on as it is when it names one server', () => {
    const address = parseDatabaseAddress('postgres://u:p%40ss@db.example:6000/app?sslmode=verify-full');
    expect(address).toEqual({
      url: 'postgres://u:p%40ss@db.example:6000/app?sslmode=verify-full',
      hosts: [{ host: 'db.example', port: 6000 }],
      isWritable: false,
      database: 'app',
      user: 'u',
    });
  });

  it('may name several servers, of which one that takes writes is meant', () => {
    const address = parseDatabaseAddress('postgresql://u@a:5433,[::1]:5434,c/app');
    expect(address).toMatchObject({
      url: 'postgresql://u@a:5433/app',
      hosts: [
        { host: 'a', port: 5433 },
        { host: '::1', port: 5434 },
        { host: 'c', port: 5432 },
      ],
      isWritable: true,
    });
  });

  it.each([
    ['read-write', true],
    ['primary', true],
    ['any', false],
  ])('takes target_session_attrs=%s', (attributes, isWritable) => {
    const several = parseDatabaseAddress(`postgres://u@a,b/app?target_session_attrs=${attributes}&ssl=true`);
    expect(several).toMatchObject({ isWritable, url: 'postgres://u@a:5432/app?ssl=true' });
    const one = parseDatabaseAddress(`postgres://u@a/app?target_session_attrs=${attributes}`);
    expect(one).toMatchObject({ isWritable, url: 'postgres://u@a:5432/app' });
  });

  it('may name its servers in parameters, as libpq has it', () => {
    const address = parseDatabaseAddress('postgres:///app?user=u&host=a,b&port=5433,5434');
    expect(address?.hosts).toEqual([
      { host: 'a', port: 5433 },
      { host: 'b', port: 5434 },
    ]);
    expect(parseDatabaseAddress('postgres://u@x/app?host=/var/run/postgresql')?.url).toBe(
      'postgres://u@x/app?host=%2Fvar%2Frun%2Fpostgresql',
    );
  });

  it.each([
    'mysql://localhost/app',
    'localhost:5432',
    'postgres://',
    'postgres://u@a,/app',
    'postgres://u@a:0,b/app',
    'postgres://u@a:65536/app',
    'postgres://u@a:5432,b:x/app',
    'postgres://u@a,b/app?target_session_attrs=standby',
    'postgres://u@a,b/app?target_session_attrs=read-only',
  ])('is not %s', (text) => {
    expect(parseDatabaseAddress(text)).toBeNull();
  });
});
