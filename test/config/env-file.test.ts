import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvFile } from '../../src/config/env-file.js';
import { VARIABLES } from '../../src/config/read-settings.js';

describe('a .env file', () => {
  const before = process.cwd();
  const environment = { ...process.env };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-env-'));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    for (const name of Object.keys(process.env))
      if (!(name in environment)) Reflect.deleteProperty(process.env, name);
    rmSync(folder, { recursive: true });
  });

  it('sets what is not set already', () => {
    process.env.POSTHORN_ROLE = 'api';
    writeFileSync('.env', 'POSTHORN_ROLE=worker\nDATABASE_URL="postgres://a:b#c@db/x" # ours\n');
    expect(loadEnvFile(VARIABLES)).toEqual([]);
    expect(process.env).toMatchObject({ POSTHORN_ROLE: 'api', DATABASE_URL: 'postgres://a:b#c@db/x' });
  });

  it('is not needed', () => {
    expect(loadEnvFile(VARIABLES)).toEqual([]);
  });

  it.each([
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['POSTHRON_ROLE', 'POSTHORN_ROLE'],
    ['REDIS_ULR', 'REDIS_URL'],
  ])('with %s is asked whether %s is meant', (name, meant) => {
    writeFileSync('.env', `${name}=x\n`);
    expect(loadEnvFile(VARIABLES)).toEqual([`.env: ${name} is not a setting. Did you mean ${meant}?`]);
  });

  it.each(['HOST', 'POST', 'NODE_ENV', 'AWS_REGION', 'STRIPE_API_KEY'])(
    'may have %s, which is another program’s',
    (name) => {
      writeFileSync('.env', `${name}=x\n`);
      expect(loadEnvFile(VARIABLES)).toEqual([]);
    },
  );

  it.each(['PORT 81', 'PORT: 81', 'export PORT 81', '  PORT'])(
    'with "%s" is told what is missing',
    (line) => {
      writeFileSync('.env', `# PORT 80\n${line}\n`);
      expect(loadEnvFile(VARIABLES)).toEqual([
        '.env, line 2: PORT has no "=", so it is not read. Write PORT=value.',
      ]);
    },
  );

  it('that is a folder is refused with a sentence', () => {
    mkdirSync('.env');
    expect(() => loadEnvFile(VARIABLES)).toThrow('The file .env cannot be read: ');
  });
});
