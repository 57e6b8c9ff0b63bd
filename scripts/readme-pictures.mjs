// Makes README's pictures of the dashboard, docs/images/overview.png and delivery.png, from a day that the engine of
// @posthorn/testing lives through in a minute. `npm run build`, then:
// `node --import ./test/support/typescript.mjs scripts/readme-pictures.mjs`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launchChromium } from '../test/support/chromium.ts';

const root = join(import.meta.dirname, '..');
const QUARTER_MS = 900_000;
const QUARTERS = 96;
/** The quarters of the day in which the billing endpoint is down: long enough for a pause, and again at the end. */
const isDown = (quarter) => (quarter >= 60 && quarter < 64) || quarter === QUARTERS - 1;
/** How long the last failures are ago: each has had its first retry. */
const AFTER_MS = 6_000;

/** An engine whose clock stands still until it is told to go on. */
async function startEngine() {
  const child = fork(join(root, 'dist', 'src', 'testing', 'main.js'), [JSON.stringify({})]);
  const [{ url, key, now }] = await once(child, 'message');
  const engine = { url, key, now };
  let n = 0;
  engine.ask = async (ask, ms) => {
    child.send({ n: (n += 1), ask, ms });
    const [{ now: then, error }] = await once(child, 'message');
    if (error) throw new Error(error);
    engine.now = then;
  };
  engine.call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await globalThis.fetch(url + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return engine;
}

/** Three endpoints, of which the one for billing may be down. */
async function startReceiver(state) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const down = state.isDown && request.url.endsWith('/billing');
      response.writeHead(down ? 503 : 200, { 'content-type': 'application/json', server: 'nginx' });
      response.end(down ? '{"error":"upstream is not reachable","host":"billing-2"}' : '{"ok":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** More events by day than by night, the same in each run. */
const eventsOf = (quarter) =>
  4 + Math.round(3 * Math.sin((quarter / QUARTERS) * 2 * Math.PI)) + ((quarter + 1) % 3);

async function liveADay(engine, port, state) {
  const space = '/v1/spaces/northwind';
  await engine.call('POST', '/v1/spaces', { uid: 'northwind', name: 'Northwind CRM' });
  for (const uid of ['crm', 'warehouse', 'billing'])
    await engine.call('POST', `${space}/subscriptions`, {
      uid,
      url: `http://127.0.0.1:${port}/hooks/${uid}`,
    });
  const { data: types } = await engine.call('GET', `${space}/event-types`);
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    state.isDown = isDown(quarter);
    const events = Array.from({ length: eventsOf(quarter) }, (_, n) => types[(quarter + n) % types.length]);
    await engine.call(
      'POST',
      `${space}/events`,
      events.map(({ name, example }) => ({ type: name, data: example })),
    );
    await engine.ask('settle');
    await engine.ask('advance', quarter < QUARTERS - 1 ? QUARTER_MS : AFTER_MS);
  }
}

async function takePictures(engine) {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({
      ...{ viewport: { width: 1280, height: 820 }, timezoneId: 'Europe/Paris', locale: 'en-GB' },
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(engine.now);
    const list = '/v1/spaces/northwind/deliveries?subscription=billing&state=retrying&limit=50';
    const { data } = await engine.call('GET', list);
    const delivery = data.find(({ attemptCount }) => attemptCount === 2) ?? data[0];
    await page.goto(engine.url);
    await page.evaluate(`sessionStorage.setItem('posthorn-key', ${JSON.stringify(engine.key)})`);
    for (const [name, fragment] of [
      ['overview', 'overview'],
      ['delivery', `deliveries/${delivery.id}`],
    ]) {
      await page.goto(`${engine.url}/#/s/northwind/${fragment}`);
      await page.reload();
      await page.locator('main h1').waitFor();
      if (name === 'overview') await page.getByText('24h', { exact: true }).click();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(root, 'docs', 'images', `${name}.png`), animations: 'disabled' });
    }
  } finally {
    await browser.close();
  }
}

const state = { isDown: false };
const [engine, receiver] = [await startEngine(), await startReceiver(state)];
try {
  await liveADay(engine, receiver.address().port, state);
  await takePictures(engine);
} finally {
  await engine.ask('stop');
  receiver.close();
  receiver.closeAllConnections();
}
