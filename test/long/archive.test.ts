import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ArchiveStateService } from '../../src/archive/archive-state.service.js';
import { ArchiverService } from '../../src/archive/archiver.service.js';
import { archiveDay } from '../../src/archive/day-archive.js';
import { ArchiveBucket } from '../../src/archive/archive-bucket.js';
import { Settings } from '../../src/config/settings.js';
import { newUuid, publicId, uuidFloor } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { ensurePartitions, ownsTables } from '../../src/database/partitions.js';
import { LAST_ID } from '../../src/event-store/selection.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ManualClock } from '../support/manual-clock.js';
import { ObjectStorage } from '../support/object-storage.js';

const DAY_MS = 86_400_000;
const DAY = Date.UTC(2031, 4, 10);
const NAME = '2031-05-10';
const [ACME, OTHER] = [newUuid(DAY), newUuid(DAY)];
const acme = `posthorn/${NAME}/${publicId('spc', ACME)}`;
const other = `posthorn/${NAME}/${publicId('spc', OTHER)}`;

let storage: ObjectStorage;
let copy: TestDatabase;
let source: DataSource;
let database: Database;
let archivers: ArchiverService[];
let metrics: ProcessMetrics;
const clock = new ManualClock();

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(async () => {
  storage = await ObjectStorage.open();
  copy = await createTestDatabase();
  source = createDataSource({ url: copy.url, entities: [] });
  await connect(source);
  database = new Database(source);
  await ensurePartitions(database, DAY + DAY_MS);
  archivers = [];
  metrics = new ProcessMetrics({ ofProcess: false });
  clock.set(DAY + 2 * DAY_MS + 1);
  for (const id of [ACME, OTHER])
    await source.query(
      `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at) VALUES ($1, 'a', 'native', now(), now())`,
      [id],
    );
});

afterEach(async () => {
  for (const archiver of archivers) await archiver.beforeApplicationShutdown();
  await source.destroy();
  await copy.drop();
  await storage.close();
});

function newArchiver(settings: Partial<Settings> = {}): ArchiverService {
  const all = Object.assign(new Settings(), { ...storage.settings, retentionDays: 30, ...settings });
  const archiver = new ArchiverService(database, clock, all, metrics);
  archivers.push(archiver);
  return archiver;
}

/** Deliveries of noon with an event and an attempt each. Gives their ids. */
async function store(space: string, count: number, status = 'succeeded'): Promise<string[]> {
  const ids = Array.from({ length: count }, (_none, n) => newUuid(DAY + DAY_MS / 2 + n));
  await source.query(
    `WITH made AS (SELECT unnest($1::uuid[]) AS id),
     events AS (
       INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
       SELECT id, $2, 'lead.create', $4, '{"n":\n1.0}' FROM made
     ), attempts AS (
       INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
       SELECT id, 1, id, $4, 'https://example.com', '[["a","b"]]' FROM made
     )
     INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, attempt_count,
       max_attempts, finished_at, next_attempt_at)
     SELECT id, $2, id, 'lead.create', $2, $3, 'event', 1, 6, CASE WHEN $3 = 'succeeded' THEN $4::timestamptz END,
       CASE WHEN $3 = 'pending' THEN $4::timestamptz END FROM made`,
    [ids, space, status, new Date(DAY + DAY_MS / 2)],
  );
  return ids;
}

const rowsLeft = async () => {
  const [row] = await source.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM posthorn.deliveries`);
  return row?.n;
};

it('a finished day is written by space and table, with a manifest that says what is there', async () => {
  const ids = await store(ACME, 3);
  await store(OTHER, 2);
  await newArchiver().archiveDue();
  const names = ['events', 'deliveries', 'attempts'];
  expect((await storage.keys()).filter((key) => key.includes(NAME))).toEqual(
    [
      `posthorn/${NAME}/manifest.json`,
      ...[acme, other].flatMap((folder, n) =>
        names.map((kind, at) => `${folder}/${kind}-00000${n * 3 + at + 1}.ndjson.gz`),
      ),
    ].sort(),
  );
  const manifest = JSON.parse((await storage.read(`posthorn/${NAME}/manifest.json`)).toString()) as {
    rows: object;
    objects: { key: string; rows: number; bytes: number; sha256: string }[];
  };
  expect(manifest).toMatchObject({
    version: 1,
    day: NAME,
    pass: 0,
    rows: { events: 5, deliveries: 5, attempts: 5 },
  });
  for (const { key, rows, bytes, sha256 } of manifest.objects) {
    const content = await storage.read(key);
    expect(content).toHaveLength(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    expect(await storage.rows(key)).toHaveLength(rows);
  }
  const [first = ''] = ids;
  expect((await storage.rows(`${acme}/events-000001.ndjson.gz`))[0]).toMatchObject({
    id: publicId('evt', first),
    type: 'lead.create',
    data: { n: 1 },
  });
  expect((await storage.rows(`${acme}/deliveries-000002.ndjson.gz`))[0]).toMatchObject({
    id: publicId('dlv', first),
    status: 'succeeded',
  });
  expect((await storage.rows(`${acme}/attempts-000003.ndjson.gz`))[0]).toMatchObject({
    deliveryId: publicId('dlv', first),
    n: 1,
    request: { method: 'POST', url: 'https://example.com', headers: [['a', 'b']] },
    response: null,
  });
});

it('a day that has not ended long enough is left alone', async () => {
  await store(ACME, 1);
  clock.set(DAY + 2 * DAY_MS - 1);
  await newArchiver().archiveDue();
  expect((await storage.keys()).filter((key) => key.includes(NAME))).toEqual([]);
});

it('retention drops a day only when its archive is complete, unless told otherwise', async () => {
  await store(ACME, 3);
  const archiver = newArchiver();
  const late = DAY + 40 * DAY_MS;
  clock.set(late);
  await storage.stop();
  expect(await dropExpiredDays(database, late, 30, archiver)).not.toContain('20310510');
  expect(await rowsLeft()).toBe(3);
  await storage.start();
  expect(await dropExpiredDays(database, late, 30, archiver)).toContain('20310510');
  expect(await rowsLeft()).toBe(0);
  expect(await storage.rows(`${acme}/deliveries-000002.ndjson.gz`)).toHaveLength(3);
}, 60_000);

it('retention drops a day without its archive where that is allowed', async () => {
  await store(ACME, 3);
  const late = DAY + 40 * DAY_MS;
  clock.set(late);
  await storage.stop();
  const archiver = newArchiver({ archiveRequired: false });
  expect(await dropExpiredDays(database, late, 30, archiver)).toContain('20310510');
  await storage.start();
}, 60_000);

it('what is finished after the archive is added before it is dropped', async () => {
  await store(ACME, 3);
  const [id = ''] = await store(OTHER, 1, 'pending');
  const archiver = newArchiver();
  await archiver.archiveDue();
  const late = DAY + 40 * DAY_MS;
  clock.set(late);
  expect(await dropExpiredDays(database, late, 30, archiver)).toContain('20310510');
  expect(await rowsLeft()).toBe(1);
  await source.query(
    `UPDATE posthorn.deliveries SET status = 'succeeded', finished_at = $1, next_attempt_at = NULL`,
    [new Date(late + 1_000)],
  );
  await source.query(
    `INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
     VALUES ($1, 2, $1, now(), 'https://example.com', '[]')`,
    [id],
  );
  clock.set(late + 3_600_000);
  await dropExpiredDays(database, late + 3_600_000, 30, archiver);
  expect(await rowsLeft()).toBe(0);
  const manifests = (await storage.keys()).filter((key) => key.includes('manifest-late'));
  expect(manifests.length).toBeGreaterThan(0);
  // A pass that found nothing leaves nothing.
  for (const key of manifests)
    expect(JSON.parse((await storage.read(key)).toString())).not.toMatchObject({ objects: [] });
  const objects = (await storage.keys()).filter((key) => key.startsWith(other));
  const last = (kind: string) => objects.filter((key) => key.includes(`${kind}-late`)).at(-1) ?? '';
  expect((await storage.rows(last('deliveries'))).map((row) => [row.id, row.status])).toEqual([
    [publicId('dlv', id), 'succeeded'],
  ]);
  expect((await storage.rows(last('attempts'))).map(({ n }) => n)).toEqual([1, 2]);
  expect(objects.filter((key) => key.includes('events-late'))).toEqual([]);
});

it('a process that dies anywhere is gone on from, and nothing is twice in the manifest', async () => {
  await store(ACME, 2_500);
  await store(OTHER, 2);
  const { archiveUrl: url, archiveEndpoint: endpoint } = storage.settings;
  const bucket = new ArchiveBucket({
    ...{ url, endpoint, region: 'us-east-1', pathStyle: true, sessionToken: '' },
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  let runs = 0;
  for (let allowed = 3, done = false; !done; allowed += 9) {
    let steps = 0;
    const confirm = async () => {
      steps += 1;
      if (steps > allowed) throw new Error('killed');
      return Promise.resolve();
    };
    runs += 1;
    done = await archiveDay({ database, bucket, confirm }, NAME, clock.date()).then(
      () => true,
      () => false,
    );
  }
  expect(runs).toBeGreaterThan(3);
  const manifest = JSON.parse((await storage.read(`posthorn/${NAME}/manifest.json`)).toString()) as {
    rows: object;
    objects: { key: string; kind: string }[];
  };
  expect(manifest.rows).toEqual({ events: 2_502, deliveries: 2_502, attempts: 2_502 });
  const ids = new Set<unknown>();
  for (const { key, kind } of manifest.objects)
    for (const { id } of await storage.rows(key)) ids.add(`${kind} ${String(id)}`);
  expect(ids.size).toBe(3 * 2_502);
}, 60_000);

it('what storage does not give back as it was written is written again', async () => {
  await store(ACME, 2);
  const { archiveUrl: url, archiveEndpoint: endpoint } = storage.settings;
  const bucket = new ArchiveBucket({
    ...{ url, endpoint, region: 'us-east-1', pathStyle: true, sessionToken: '' },
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  const damaging = async () => {
    const keys = await storage.keys();
    if (keys.some((key) => key.includes('attempts-'))) await storage.damage(keys[0] ?? '');
  };
  await expect(archiveDay({ database, bucket, confirm: damaging }, NAME, clock.date())).rejects.toThrow(
    'is not what was written',
  );
  await archiveDay({ database, bucket, confirm: () => Promise.resolve() }, NAME, clock.date());
  expect(await storage.rows(`${acme}/attempts-000003.ndjson.gz`)).toHaveLength(2);
});

it('of two processes one archives', async () => {
  await store(ACME, 200);
  const [one, two] = [newArchiver(), newArchiver()];
  await Promise.all([one.archiveDue(), two.archiveDue()]);
  const manifest = JSON.parse((await storage.read(`posthorn/${NAME}/manifest.json`)).toString()) as object;
  expect(manifest).toMatchObject({ rows: { events: 200, deliveries: 200, attempts: 200 } });
});

/** `2031-05-10` with one event on legal hold, and one that is not. */
async function storeWithHold(): Promise<{ held: string; free: string }> {
  const [held = '', free = ''] = await store(ACME, 2);
  await source.query(
    `INSERT INTO posthorn.legal_holds (id, space_id, since_id, until_id, event_id, reason, set_by, created_at)
     VALUES ($1, $2, $3, $4, $5, 'Case', 'admin', now())`,
    [newUuid(DAY), ACME, uuidFloor(0), LAST_ID, held],
  );
  return { held, free };
}

it('of a day on legal hold the rest is deleted only when it is archived', async () => {
  const { held, free } = await storeWithHold();
  const late = DAY + 40 * DAY_MS;
  clock.set(late);
  await storage.stop();
  const archiver = newArchiver();
  await dropExpiredDays(database, late, 30, archiver);
  expect(await rowsLeft()).toBe(2);
  await storage.start();
  await dropExpiredDays(database, late, 30, archiver);
  expect(await source.query('SELECT id FROM posthorn.deliveries')).toEqual([{ id: held }]);
  const archived = await storage.rows(`${acme}/deliveries-000002.ndjson.gz`);
  expect(archived.map(({ id }) => id)).toEqual([publicId('dlv', held), publicId('dlv', free)]);
}, 60_000);

it('what is written and what fails is counted, and shown by day', async () => {
  await store(ACME, 3);
  const archiver = newArchiver();
  const settings = Object.assign(new Settings(), storage.settings);
  const state = new ArchiveStateService(database, clock, settings, archiver);
  const ofDay = async () => (await state.read()).days.find(({ day }) => day === NAME);
  expect(await ofDay()).toMatchObject({ state: 'waiting', passes: 0, archivedUntil: null });
  // A failure ends the run, so it is of the oldest day.
  const oldest = async () => (await state.read()).days[0];
  await storage.stop();
  await archiver.archiveDue();
  const failed = { state: 'failed', failures: 1, nextTryAt: expect.any(String) as string };
  expect(await oldest()).toMatchObject(failed);
  await storage.start();
  // It would be tried again in a minute.
  await archiver.archiveDue();
  expect(await oldest()).toMatchObject(failed);
  await state.run(undefined);
  await archiver.archiveDue();
  for (const day of [await oldest(), await ofDay()])
    expect(day).toMatchObject({ state: 'archived', passes: 1, failures: 0, nextTryAt: null });
  expect(await state.read()).toMatchObject({ url: 's3://archive/posthorn', waiting: 0, required: true });
  const { text } = await metrics.render();
  expect(text).toMatch(/^posthorn_archive_passes_total\{outcome="failed"\} [1-9]/m);
  expect(text).toMatch(/^posthorn_archive_passes_total\{outcome="succeeded"\} [1-9]/m);
  expect(text).toContain('posthorn_archived_rows_total 9\n');
  expect(text).toMatch(/^posthorn_archived_bytes_total [1-9]/m);
}, 60_000);

it('a role that does not own the tables can archive, and finds what is due', async () => {
  await store(ACME, 3);
  await source.query(`DROP ROLE IF EXISTS archive_writer`);
  await source.query(`CREATE ROLE archive_writer`);
  await source.query(`GRANT USAGE ON SCHEMA posthorn TO archive_writer`);
  await source.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA posthorn TO archive_writer`,
  );
  const url = new URL(copy.url);
  url.searchParams.set('options', '-c role=archive_writer');
  const serving = createDataSource({ url: url.toString(), entities: [] });
  await connect(serving);
  try {
    expect(await ownsTables(new Database(serving).sql)).toBe(false);
    const all = Object.assign(new Settings(), storage.settings);
    const archiver = new ArchiverService(new Database(serving), clock, all, metrics);
    archivers.push(archiver);
    await archiver.archiveDue();
    expect(await storage.rows(`${acme}/deliveries-000002.ndjson.gz`)).toHaveLength(3);
  } finally {
    await serving.destroy();
    await source.query(`DROP OWNED BY archive_writer; DROP ROLE archive_writer`);
  }
}, 60_000);
