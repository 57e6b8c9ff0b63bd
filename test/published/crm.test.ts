import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { createReceiver } from '@posthorn/receiver';
import { launchChromium } from '../support/chromium.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { refusedPort, startReceiver, type Receiver } from '../support/receiver.js';
import { blocksIn, root } from './blocks.js';

/** `npm start` in examples/crm, and a person at a browser. */
let database: TestDatabase;
let crm: ChildProcess;
let output = '';
let url: string;
let browser: Browser;
let page: Page;
let receiver: Receiver;

beforeAll(async () => {
  database = await createTestDatabase('template0');
  receiver = await startReceiver();
  const port = await refusedPort();
  crm = spawn('npm', ['start'], {
    cwd: join(root, 'examples/crm'),
    detached: true,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME },
      ...{ DATABASE_URL: database.url, PORT: String(port), RECEIVER_PORT: '0' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [crm.stdout, crm.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  browser = await launchChromium();
  page = await browser.newPage();
  url = await eventually(
    () => {
      if (crm.exitCode !== null) throw new Error(output);
      return /The CRM is at (\S+)/.exec(output)?.[1] ?? null;
    },
    { timeoutMs: 240_000 },
  );
}, 300_000);
afterAll(async () => {
  await browser.close();
  if (crm.exitCode === null) {
    process.kill(-(crm.pid ?? 0), 'SIGINT');
    await once(crm, 'exit');
  }
  await receiver.close();
  await database.drop();
}, 60_000);

/** As a script of its pages. */
async function call<Answer>(method: string, path: string, data?: object): Promise<Answer> {
  const response = await page.request.fetch(url + path, { method, data });
  const text = await response.text();
  if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${text}\n${output}`);
  return JSON.parse(text) as Answer;
}
/** The id of the space of who is signed in. */
const ownSpace = async () => (await call<{ space: string }>('GET', '/settings/webhooks/v1/session')).space;
const subscriptionsOf = (space: string) => `/settings/webhooks/v1/spaces/${space}/subscriptions`;

let secret: string;

it('shows its own receiver what the first start publishes', async () => {
  // In whatever order they arrive.
  const hasAll = () =>
    output.match(/webhook lead\.create/g)?.length === 2 && output.includes('webhook campaign.create');
  await eventually(() => hasAll() || null, { timeoutMs: 60_000 });
  expect(output).not.toMatch(/refused|failed/);
});

it('lets nobody in who has not signed in', async () => {
  for (const path of ['/api/leads', '/settings/webhooks/', '/settings/webhooks/v1/session'])
    expect((await page.request.get(url + path)).status()).toBe(401);
});

it('has its customers manage their endpoints in its settings', async () => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Ann of Acme' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  const portal = page.frameLocator('iframe');
  await portal.getByText('The receiver of this example').first().waitFor();
  await portal.getByRole('link', { name: 'Event types', exact: true }).click();
  const height = () => page.evaluate(`document.querySelector('iframe').getBoundingClientRect().height`);
  await eventually(async () => Number(await height()) > 400 || null, { timeoutMs: 10_000 });
  const path = subscriptionsOf(await ownSpace());
  ({ secret } = await call<{ secret: string }>('POST', path, {
    url: receiver.url,
    events: ['lead.*', 'deal.*'],
  }));
});

it('sends a signed request for a change that a person makes', async () => {
  expect(await call('GET', '/api/leads')).toHaveLength(1);
  await page.goto(url);
  await page.getByLabel('Status').first().selectOption({ label: 'Meeting booked' });
  const request = await eventually(() => receiver.requests[0] ?? null, { timeoutMs: 20_000 });
  const event = await createReceiver({ secrets: [secret] }).verify(request.body, request.headers);
  expect(event).toMatchObject({
    type: 'lead.status.update',
    data: {
      lead: { email: 'jean@atelier-nord.example' },
      from: { name: 'New' },
      to: { name: 'Meeting booked' },
    },
  });
});

it('publishes a deal once, however often it is reported', async () => {
  const [lead] = await call<{ id: string }[]>('GET', '/api/leads');
  receiver.requests.length = 0;
  const deal = { deal: 'deal-1', value: 4800 };
  for (let n = 0; n < 2; n += 1) await call('POST', `/api/leads/${lead?.id}/deal`, deal);
  await call('PATCH', `/api/leads/${lead?.id}`, { company: 'Atelier Sud' });
  const types = () =>
    receiver.requests.map(({ body }) => (JSON.parse(String(body)) as { type: string }).type);
  const hasBoth = () => types().includes('lead.update') && types().includes('deal.won');
  await eventually(() => hasBoth() || null, { timeoutMs: 20_000 });
  // Whatever else there may be to send is listed.
  const { data } = await call<{ data: { type: string }[] }>(
    ...(['GET', `/settings/webhooks/v1/spaces/${await ownSpace()}/events?limit=250`] as const),
  );
  expect(data.filter(({ type }) => type === 'deal.won')).toHaveLength(1);
  expect(types().sort()).toEqual(['deal.won', 'lead.update']);
});

it('takes the requests of its README', async () => {
  const [, byHand] = blocksIn('examples/crm/README.md');
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-crm-'));
  const script = (byHand?.code ?? '').replaceAll('localhost:3000', url);
  await promisify(execFile)('bash', ['-ec', script], { cwd: folder });
  rmSync(folder, { recursive: true });
  const leads = await call<{ email: string }[]>('GET', '/api/leads');
  expect(leads.map(({ email }) => email)).toContain('ada@example.com');
});

it('keeps accounts apart', async () => {
  const ann = await ownSpace();
  await page.request.post(`${url}/sign-in`, { data: { name: 'bob' } });
  expect((await page.request.get(url + subscriptionsOf(await ownSpace()))).status()).toBe(200);
  expect((await page.request.get(url + subscriptionsOf(ann))).status()).toBe(404);
});
