import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createReceiver } from '@posthorn/receiver';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { refusedPort, startReceiver, type Receiver } from '../support/receiver.js';
import { blocksIn, blocksOf, root, Workshop } from './blocks.js';

/** docs/nestjs.md is an application: its blocks are files, and a later block of a file replaces the earlier one. */
const blocks = blocksIn('docs/nestjs.md');
const sources = blocks.filter(({ language }) => language === 'ts');
const nameOf = (code: string) => /^\/\/ (src\/\S+)\n/.exec(code)?.[1] ?? '';
/** What the reader has: `yours` in the text. */
const YOURS = join(import.meta.dirname, 'nestjs-docs');
const OWN = ['database.module.ts', 'lead.entity.ts', 'leads.controller.ts', 'generated/prisma/client.ts'];
const OWN_LATER = ['sessions.module.ts', 'sessions.service.ts', 'try-services.ts', 'try-transactions.ts'];

const workshop = new Workshop();
let database: TestDatabase;
let receiver: Receiver;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase('template0');
  receiver = await startReceiver();
  env = { DATABASE_URL: database.url, POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64') };
});
afterEach(() => stopAll());
afterAll(async () => {
  await receiver.close();
  await database.drop();
  workshop.remove();
});

function write(stage: string, name: string, code: string): void {
  const file = join(stage, name);
  mkdirSync(join(workshop.folder, dirname(file)), { recursive: true });
  workshop.write(file, code);
}

/** Makes the application in a folder, compiles it and gives the folder. */
async function build(stage: string, files: { name: string; code: string }[], own: string[]): Promise<void> {
  for (const { name, code } of files) write(stage, name, code);
  for (const name of own) write(stage, `src/${name}`, readFileSync(join(YOURS, `${name}.txt`), 'utf8'));
  write(stage, 'package.json', '{"type":"module"}');
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2023', rootDir: 'src', outDir: 'dist', types: ['node', 'jest'] },
    ...{ strict: true, strictPropertyInitialization: false, skipLibCheck: true },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true },
  };
  write(stage, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
  await workshop.node([join(root, 'node_modules/typescript/bin/tsc')], {}, stage);
}

const run = (program: string) => workshop.node([join('dist', program)], env, 'whole');

const running: ChildProcess[] = [];
function serve(program: string, more: Record<string, string> = {}): void {
  const child = spawn(process.execPath, [join('dist', program)], {
    cwd: join(workshop.folder, 'whole'),
    env: { PATH: process.env.PATH, ...env, ...more },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.push(child);
}
async function stopAll(): Promise<void> {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

it('names the file of each block', () => {
  expect(sources.filter(({ code }) => nameOf(code) === '').map(({ title }) => title)).toEqual([]);
  const others = blocks.filter(({ language }) => !['ts', 'sh', 'html'].includes(language));
  expect(others).toEqual([]);
});

it('has the blocks of the README', () => {
  const copies = blocksOf('nestjs').filter(({ language }) => language === 'ts');
  expect(copies.length).toBeGreaterThan(0);
  expect(sources.map(({ code }) => code)).toEqual(expect.arrayContaining(copies.map(({ code }) => code)));
});

it('installs packages that there are', () => {
  const commands = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code.trim());
  const names = commands.flatMap((line) => line.replace('npm install ', '').split(' '));
  const known = (name: string) => name === 'posthorn' || name === '--save-dev' || name.startsWith('@');
  expect(names.filter((name) => !known(name))).toEqual([]);
  for (const name of names.filter((name) => name !== '--save-dev' && name !== 'posthorn'))
    expect(() => readFileSync(join(root, 'node_modules', name, 'package.json'))).not.toThrow();
});

it('compiles as far as the first event', async () => {
  const end = sources.findIndex(({ code }) => nameOf(code) === 'src/own-events.ts');
  const files = sources.slice(0, end).map(({ code }) => ({ name: nameOf(code), code }));
  await build('first', files, OWN);
}, 120_000);

it('compiles as a whole', async () => {
  const files = sources.map(({ code }) => ({ name: nameOf(code), code }));
  await build('whole', files, [...OWN, ...OWN_LATER]);
}, 120_000);

it('publishes and manages webhooks from code', async () => {
  expect(await run('try-services.js')).toBe('ok\n');
}, 60_000);

it('publishes in a transaction of each library', async () => {
  expect(await run('try-transactions.js')).toBe('ok\n');
}, 60_000);

it('delivers to an endpoint that a customer makes in the settings page', async () => {
  const port = await refusedPort();
  serve('main.js', { PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(`${url}/health`), { timeoutMs: 60_000 });
  const headers = { cookie: 'session=ann', 'content-type': 'application/json' };
  const hooks = `${url}/settings/webhooks`;
  expect((await fetch(`${hooks}/`)).status).toBe(401);
  const page = await fetch(`${hooks}/`, { headers });
  expect(page.headers.get('content-type')).toMatch('text/html');
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ posthorn: { status: 'up' } });
  const { space } = (await (await fetch(`${hooks}/v1/session`, { headers })).json()) as { space: string };
  const made = await fetch(`${hooks}/v1/spaces/${space}/subscriptions`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ url: receiver.url }),
  });
  expect(made.status).toBe(201);
  const { secret } = (await made.json()) as { secret: string };
  const lead = { id: 'lead-1', email: 'ada@example.com' };
  const create = () =>
    fetch(`${url}/leads`, { method: 'POST', headers, body: JSON.stringify({ account: 'acme', ...lead }) });
  expect((await create()).status).toBe(201);
  const request = await eventually(() => receiver.requests[0] ?? null, { timeoutMs: 20_000 });
  const event = await createReceiver({ secrets: [secret] }).verify(request.body, request.headers);
  expect(event).toMatchObject({ type: 'lead.create', data: lead });
  const unknown = await fetch(`${url}/leads/of/nobody`, { method: 'POST' });
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
    404,
    expect.stringContaining('application/problem+json'),
  ]);
}, 90_000);

it('has a test that passes in Jest', async () => {
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--ci', '--rootDir', 'dist'];
  const config = {
    transform: {},
    testRegex: '\\.spec\\.js$',
    setupFilesAfterEnv: ['@posthorn/testing/jest'],
  };
  await workshop.node(
    [...jest, '--config', JSON.stringify(config)],
    { NODE_OPTIONS: '--experimental-vm-modules' },
    'whole',
  );
}, 90_000);

it('publishes without NestJS, and delivers in a process of its own', async () => {
  await run('without-nest.js');
  serve('delivering.js');
  await eventually(() => receiver.requests.some(({ body }) => body.includes('"lead-9"')) || null, {
    timeoutMs: 30_000,
  });
}, 90_000);
