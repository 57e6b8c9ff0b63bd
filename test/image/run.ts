// npm run test:image: builds the image, starts docker-compose.yml whole, and looks at what an operator relies on.
import { strict as assert } from 'node:assert';
import { eventually } from '../support/condition.js';
import { ContainerEngine } from './engine.js';
import { Fleet } from './fleet.js';
import { makeStandIns } from './stand-ins.js';

const NODE = 'posthorn-test/node';
const SMALL = 'posthorn-test/posthorn';
const WHOLE = 'posthorn-test/posthorn-embedded';
const MB = 1_000_000;
const MOST_OVER_BASE = 250 * MB;
const SLOW = { timeoutMs: 180_000 };
/** No entry in the image's passwd, and no group of any use. */
const ANY_USER = '54321:54321';
const HARD = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges:true'];

async function build(engine: ContainerEngine): Promise<void> {
  for (const [tag, embedded] of [
    [SMALL, 'false'],
    [WHOLE, 'true'],
  ] as const) {
    const args = { NODE_IMAGE: NODE, EMBEDDED_POSTGRES: embedded, VERSION: '0.0.0-test', REVISION: 'test' };
    const buildArgs = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    await engine.docker('build', '--network=host', ...buildArgs, '-t', tag, '.');
  }
}

async function checkImage(engine: ContainerEngine): Promise<void> {
  const size = async (tag: string) => Number(await engine.docker('inspect', '-f', '{{.Size}}', tag));
  const [base, small, whole] = [await size(NODE), await size(SMALL), await size(WHOLE)];
  for (const [name, bytes] of [
    ['with DATABASE_URL', small],
    ['with the embedded PostgreSQL', whole],
  ] as const)
    console.log(`  image ${name}: ${mb(bytes)} MB, ${mb(bytes - base)} MB over its base (${mb(base)} MB)`);
  assert(small - base <= MOST_OVER_BASE);
  assert(whole > small);

  const config = JSON.parse(await engine.docker('inspect', '-f', '{{json .Config}}', SMALL)) as {
    User: string;
    Labels: Record<string, string>;
  };
  assert.match(config.User, /^[1-9]\d*$/);
  assert.equal(config.Labels['org.opencontainers.image.version'], '0.0.0-test');
  assert.equal(config.Labels['org.opencontainers.image.licenses'], 'MIT');

  const sbom = JSON.parse(await engine.docker('run', '--rm', SMALL, 'cat', 'sbom.cdx.json')) as {
    components: { name: string }[];
  };
  const names = sbom.components.map(({ name }) => name);
  console.log(`  SBOM: ${names.length} packages`);
  assert(names.includes('pg') && names.includes('bullmq'));
  assert(!names.includes('jest') && !names.includes('vite') && !names.includes('linux-x64'));
}

async function checkDelivery(engine: ContainerEngine, fleet: Fleet): Promise<void> {
  const containers = await fleet.containers();
  assert.equal(containers.length, 2);
  await Promise.all(containers.map((container) => fleet.untilHealthy(container)));
  for (const container of containers) {
    assert(!(await engine.succeeds('exec', container, 'touch', '/app/written')), '/app can be written to');
    assert.equal(await engine.docker('inspect', '-f', '{{.HostConfig.ReadonlyRootfs}}', container), 'true');
    assert.equal(await engine.docker('exec', container, 'id', '-u'), '1000');
  }
  await fleet.call(0, 'POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
  await fleet.call(0, 'POST', '/v1/spaces/acme/subscriptions', { url: 'http://receiver:8080/hooks' });
  await publishAndSee(fleet, 0);
  await publishAndSee(fleet, 1);
}

/** Publishes by one process; the endpoint has the event, and the other process shows that it was delivered. */
async function publishAndSee(fleet: Fleet, process: number, shownBy = 1 - process): Promise<void> {
  const event = { type: 'lead.create', data: { from: process } };
  const { id } = await fleet.call<{ id: string }>(process, 'POST', '/v1/spaces/acme/events', event);
  await eventually(async () => {
    const { data } = await fleet.call<{ data: { status: string }[] }>(
      shownBy,
      'GET',
      `/v1/spaces/acme/deliveries?event=${id}`,
    );
    assert.deepEqual(
      data.map(({ status }) => status),
      ['succeeded'],
    );
  }, SLOW);
  const requests = (await fleet.received()).filter((request) => request.id === id);
  assert.equal(requests.length, 1);
  assert.deepEqual((JSON.parse(requests[0]?.body ?? '') as { data: unknown }).data, event.data);
}

/** Another process of the fleet, hardened, as a user that the image does not know. It stops with 0. */
async function checkAnyUser(engine: ContainerEngine, fleet: Fleet, role: string): Promise<void> {
  const env = Object.entries({ ...fleet.settings, POSTHORN_ROLE: role }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const options = ['-d', ...HARD, '--user', ANY_USER, '--network', fleet.network, ...env];
  const container = await engine.docker('run', ...options, SMALL);
  try {
    await fleet.untilHealthy(container);
    assert.equal(await engine.docker('exec', container, 'id', '-u'), '54321');
    assert.match(await engine.docker('exec', container, 'posthorn', 'migrate'), /up to date/);
    await engine.docker('stop', '-t', '30', container);
    assert.equal(await engine.docker('inspect', '-f', '{{.State.ExitCode}}', container), '0');
  } finally {
    await engine.docker('rm', '-f', '-v', container);
  }
}

/** A process that ends leaves the rest of the fleet at work. */
async function checkOneLess(engine: ContainerEngine, fleet: Fleet): Promise<void> {
  const [container = ''] = await fleet.containers();
  const ports = await engine.docker('port', container, '8080');
  const stopped = fleet.urls.findIndex((url) => ports.includes(new URL(url).host));
  assert.notEqual(stopped, -1);
  await engine.docker('stop', '-t', '30', container);
  assert.equal(await engine.docker('inspect', '-f', '{{.State.ExitCode}}', container), '0');
  await publishAndSee(fleet, 1 - stopped, 1 - stopped);
}

/** The image with a PostgreSQL of its own, on a read-only root with a volume for its data. */
async function checkEmbedded(engine: ContainerEngine, fleet: Fleet): Promise<void> {
  const container = await engine.docker('run', '-d', ...HARD, '--tmpfs', '/tmp', WHOLE);
  try {
    await fleet.untilHealthy(container);
    await engine.docker('exec', container, 'node', 'scripts/healthcheck.mjs', '/readyz');
    await engine.docker('stop', '-t', '30', container);
    assert.equal(await engine.docker('inspect', '-f', '{{.State.ExitCode}}', container), '0');
  } finally {
    await engine.docker('rm', '-f', '-v', container);
  }
}

const mb = (bytes: number) => Math.round(bytes / MB);

async function step(title: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  console.log(`ok: ${title} (${Math.round((performance.now() - startedAt) / 1000)} s)`);
}

async function test(engine: ContainerEngine): Promise<void> {
  await step('the images to stand on', () => makeStandIns(engine));
  await step('the image builds, with and without the embedded PostgreSQL', () => build(engine));
  await step('its size, user, labels and SBOM', () => checkImage(engine));
  const fleet = await Fleet.start(engine);
  try {
    await step('docker compose up: both processes take events and deliver them', () =>
      checkDelivery(engine, fleet),
    );
    for (const role of ['all', 'worker'])
      await step(`role ${role} as any user on a read-only root`, () => checkAnyUser(engine, fleet, role));
    await step('one process stops, the other goes on', () => checkOneLess(engine, fleet));
    await step('the embedded PostgreSQL on a read-only root', () => checkEmbedded(engine, fleet));
  } catch (error) {
    console.error(await fleet.compose('logs', '--tail', '50'));
    throw error;
  } finally {
    await fleet.stop();
  }
}

const engine = await ContainerEngine.find();
if (typeof engine === 'string') {
  console.warn(`\nSKIPPED, nothing was tested: ${engine}.\n`);
} else {
  try {
    await test(engine);
  } finally {
    await engine.stop();
  }
}
