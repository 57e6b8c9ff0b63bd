// npm run test:openapi: compares a running engine with openapi.json, and uses it with a Python client made from it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually } from '../support/condition.js';
import { Program } from '../support/program.js';
import { preparePython } from './python.js';
import { makeRealThings } from './real-things.js';

const root = join(import.meta.dirname, '..', '..');
const DOCUMENT = join(root, 'openapi.json');
const KEY = 'admin-key-for-test-openapi';
/** What CI can spare. `OPENAPI_SECONDS` makes it longer, for a change of the API. */
const SECONDS = Number(process.env.OPENAPI_SECONDS ?? 60);

const folder = await mkdtemp(join(tmpdir(), 'posthorn-openapi-'));
try {
  process.exitCode = await run();
} finally {
  await rm(folder, { recursive: true });
}

async function run(): Promise<number> {
  const python = preparePython(folder);
  if (python === null) return 0;
  const engine = Program.run('main.js', environment(), folder);
  try {
    const base = await eventually(() => addressIn(engine.output), { timeoutMs: 120_000 });
    const things = await makeRealThings((method, path, body) => call(base, method, path, body));
    await writeFile(join(folder, 'real-things.json'), JSON.stringify(things));
    const compared = await command(python('schemathesis'), schemathesisArguments(base), {
      SCHEMATHESIS_HOOKS: 'hooks',
      PYTHONPATH: import.meta.dirname,
      REAL_THINGS: join(folder, 'real-things.json'),
    });
    return (await useClient(python, base)) || compared;
  } finally {
    engine.child.kill('SIGTERM');
    await engine.ended;
  }
}

function environment(): NodeJS.ProcessEnv {
  return {
    PORT: '0',
    POSTHORN_DATA_DIR: join(folder, 'data'),
    POSTHORN_ADMIN_KEY: KEY,
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
    POSTHORN_TEST_RECEIVER: 'true',
    LOG_LEVEL: 'warn',
  };
}

function addressIn(output: string): string {
  const [, url] = /listens on (http:\S+)/.exec(output) ?? [];
  if (url === undefined) throw new Error(`The engine does not listen: ${output}`);
  return url;
}

async function call<T>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  // An export has a line for each row.
  const isLines = response.headers.get('content-type')?.startsWith('application/x-ndjson');
  return JSON.parse(isLines ? `[${text.trim().split('\n').join()}]` : text) as T;
}

function schemathesisArguments(base: string): string[] {
  return [
    ...['run', DOCUMENT, '--url', base, '-H', `Authorization: Bearer ${KEY}`],
    ...['--workers', '1', '--max-examples', '10', '--max-time', String(SECONDS), '--continue-on-failure'],
    ...['--no-color', '--generation-database', 'none', '--warnings', 'off'],
    ...(process.env.OPENAPI_SEED ? ['--seed', process.env.OPENAPI_SEED] : []),
  ];
}

/** Makes a client from the document, and publishes, lists and retries with it. */
async function useClient(python: (tool: string) => string, base: string): Promise<number> {
  const client = join(folder, 'client');
  const made = await command(python('openapi-python-client'), [
    ...['generate', '--path', DOCUMENT, '--output-path', client, '--meta', 'none', '--fail-on-warning'],
  ]);
  if (made !== 0) return made;
  const script = join(import.meta.dirname, 'use_client.py');
  return command(python('python'), [script], { PYTHONPATH: folder, BASE: base, KEY });
}

async function command(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(file, args, {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(file)}:${process.env.PATH ?? ''}`, ...env },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
