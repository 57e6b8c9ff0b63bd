import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { RedisServer } from '../support/redis.js';
import { refusedPort } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { blocksOf, root, Workshop } from './blocks.js';

const workshop = new Workshop();
const { tenant } = useStory();
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const code = (heading: string, n = 0) =>
  blocksOf('receiver').filter(({ title, language }) => title.startsWith(heading) && language !== 'sh')[n]
    ?.code ?? '';

afterAll(() => {
  workshop.remove();
});

it('what is written in TypeScript compiles against the built package', async () => {
  await workshop.typeCheck([workshop.write('nest.ts', code('NestJS'))]);
}, 60_000);

/** Serves what a block exports as a function of a Request, as the runtimes do that the block is for. */
const SERVE = `
import { createServer } from 'node:http';
createServer((incoming, outgoing) => {
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', async () => {
    const request = new Request('http://127.0.0.1/webhooks', { method: 'POST', headers: incoming.headers, body: Buffer.concat(chunks) });
    const response = await HANDLER(request);
    outgoing.writeHead(response.status).end(await response.text());
  });
}).listen(process.env.PORT);
`;
/** NestJS needs its decorators compiled. */
const COMPILE = `
import { readFileSync } from 'node:fs';
import ts from 'typescript';
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, experimentalDecorators: true, emitDecoratorMetadata: true };
console.log(ts.transpileModule(readFileSync('nest.ts', 'utf8'), { compilerOptions }).outputText);
`;

const SERVERS: [name: string, source: () => string | Promise<string>][] = [
  ['Express', () => code('Express')],
  ['Fastify', () => code('Fastify')],
  [
    'NestJS',
    async () => {
      workshop.write('nest.ts', code('NestJS'));
      return workshop.node([workshop.write('compile.mjs', COMPILE)]);
    },
  ],
  ['Hono', () => code('Hono') + SERVE.replace('HANDLER', 'app.fetch')],
  ['Next.js', () => code('Next.js') + SERVE.replace('HANDLER', 'POST')],
];

/** Starts a program that listens on a port of its own, and waits until it does. */
async function serving(file: string, env: Record<string, string> = {}) {
  const port = await refusedPort();
  const all = { ...process.env, NODE_OPTIONS: '', WEBHOOK_SECRET: SECRET, PORT: String(port), ...env };
  const program: ChildProcess = spawn(process.execPath, [file], {
    env: all,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  program.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually(() => fetch(`http://127.0.0.1:${port}/`), { timeoutMs: 30_000 });
  const end = async () => {
    program.kill();
    await once(program, 'exit');
  };
  return { url: `http://127.0.0.1:${port}/webhooks`, output: () => output, end };
}

const allSucceeded = (count: number) =>
  eventually(async () => {
    const statuses = (await tenant.deliveries()).map(({ status }) => status);
    expect(statuses).toEqual(Array(count).fill('succeeded'));
  });

it.each(SERVERS)('the block for %s receives what an engine delivers', async (name, source) => {
  const program = await serving(workshop.write(`${name}.mjs`, await source()));
  await tenant.subscribe(program.url, { secret: SECRET });
  const { id } = await tenant.publish({ type: 'lead.create', data: { id: 'lead-1' } });
  await allSucceeded(1);
  expect(program.output()).toBe(`${id} lead.create { id: 'lead-1' }\n`);
  await program.end();
});

it('examples/receiver applies each event once, and nothing old after something new', async () => {
  const database = await createTestDatabase();
  const program = await serving(join(root, 'examples/receiver/main.mjs'), { DATABASE_URL: database.url });
  // Two subscriptions: each event comes twice.
  for (const path of ['', '/again']) await tenant.subscribe(program.url + path, { secret: SECRET });
  const lead = (email: string, occurredAt: string) =>
    tenant.publish({ type: 'lead.update', data: { id: 'lead-1', email }, occurredAt });
  await lead('new@example.com', '2026-01-02T00:00:00Z');
  await allSucceeded(2);
  await lead('old@example.com', '2026-01-01T00:00:00Z');
  await allSucceeded(4);
  expect(
    program
      .output()
      .match(/applied|known/g)
      ?.sort(),
  ).toEqual(['applied', 'applied', 'known', 'known']);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const leads = async () =>
    (await client.query('SELECT id, email FROM leads WHERE NOT is_deleted')).rows as unknown[];
  expect(await leads()).toEqual([{ id: 'lead-1', email: 'new@example.com' }]);
  await tenant.publish({ type: 'lead.delete', data: { id: 'lead-1' }, occurredAt: '2026-01-04T00:00:00Z' });
  await allSucceeded(6);
  await lead('late@example.com', '2026-01-03T00:00:00Z');
  await allSucceeded(8);
  expect(await leads()).toEqual([]);
  await client.end();
  await program.end();
  await database.drop();
});

/** The contract of a store, asked of what a block exports. */
const ASK = (store: string, end: string) => `
const say = [];
say.push(await ${store}.reserve('a', 60_000), await ${store}.reserve('a', 60_000));
await ${store}.done('a', 60_000);
say.push(await ${store}.reserve('a', 60_000));
await ${store}.reserve('b', 60_000);
await ${store}.release('b');
say.push(await ${store}.reserve('b', 1));
await new Promise((resolve) => setTimeout(resolve, 20));
say.push(await ${store}.reserve('b', 60_000));
const many = await Promise.all(Array.from({ length: 20 }, () => ${store}.reserve('c', 60_000)));
say.push(many.filter((state) => state === 'new').length);
console.log(say.join(' '));
await ${end};
`;
const KEPT = 'new busy done new new 1\n';

it('the store in Redis keeps the contract', async () => {
  const redis = await RedisServer.start();
  const file = workshop.write('redis.mjs', code('Several processes') + ASK('redisStore', 'redis.quit()'));
  expect(await workshop.node([file], { REDIS_URL: redis.url, WEBHOOK_SECRET: SECRET })).toBe(KEPT);
  await redis.stop();
});

it('the store in PostgreSQL keeps the contract', async () => {
  const database = await createTestDatabase();
  const file = workshop.write('sql.mjs', code('Several processes', 1) + ASK('sqlStore', 'pool.end()'));
  expect(await workshop.node([file], { DATABASE_URL: database.url, WEBHOOK_SECRET: SECRET })).toBe(KEPT);
  await database.drop();
});
