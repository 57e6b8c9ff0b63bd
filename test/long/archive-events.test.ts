import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ArchiverService } from '../../src/archive/archiver.service.js';
import { Settings } from '../../src/config/settings.js';
import { newUuid, publicId } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { FleetLease } from '../../src/database/fleet-lease.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ManualClock } from '../support/manual-clock.js';
import { ObjectStorage } from '../support/object-storage.js';

const DAY_MS = 86_400_000;
const DAY = Date.UTC(2031, 4, 10);
const NOON = new Date(DAY + DAY_MS / 2);
const LATE = DAY + 40 * DAY_MS;
const NAME = '2031-05-10';

let storage: ObjectStorage;
let copy: TestDatabase;
let source: DataSource;
let database: Database;
let archiver: ArchiverService;
const space = newUuid(DAY);
const [event, delivery] = [newUuid(+NOON), newUuid(+NOON)];

beforeEach(async () => {
  Logger.overrideLogger(false);
  storage = await ObjectStorage.open();
  copy = await createTestDatabase();
  source = createDataSource({ url: copy.url, entities: [] });
  await connect(source);
  database = new Database(source);
  await ensurePartitions(database, DAY + DAY_MS);
  await source.query(
    `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at) VALUES ($1, 'a', 'native', now(), now())`,
    [space],
  );
  await source.query(
    `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data, subject_id, deliver_at, trace_context, removed)
     VALUES ($1, $2, 'lead.create', $3, 'null', 'ann', $3, $4, '3')`,
    [event, space, NOON, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  );
  await source.query(
    `INSERT INTO posthorn.event_expiries (event_id, expires_at, done) VALUES ($1, $2, true)`,
    [event, NOON],
  );
  await source.query(
    `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts,
       finished_at)
     VALUES ($1, $2, $3, 'lead.create', $2, 'failed', 'event', 6, $4)`,
    [delivery, space, event, NOON],
  );
  const settings = { ...storage.settings, retentionDays: 30, archiveRequired: false };
  const all = Object.assign(new Settings(), settings);
  archiver = new ArchiverService(
    database,
    new ManualClock(LATE),
    all,
    new ProcessMetrics({ ofProcess: false }),
  );
});

afterEach(async () => {
  await archiver.beforeApplicationShutdown();
  await source.destroy();
  await copy.drop();
  await storage.close();
});

const drop = () => dropExpiredDays(database, LATE, 30, archiver);
const folder = `posthorn/${NAME}/${publicId('spc', space)}`;

it('events are archived with all that the API shows of them', async () => {
  await drop();
  const at = NOON.toISOString();
  expect(await storage.rows(`${folder}/events-000001.ndjson.gz`)).toEqual([
    {
      ...{ id: publicId('evt', event), uid: null, type: 'lead.create', occurredAt: at, createdAt: at },
      ...{ expiresAt: at, deliverAt: at, traceId: '0af7651916cd43dd8448eb211c80319c', subjectId: 'ann' },
      ...{ scope: {}, removed: expect.objectContaining({ reason: 'retention', afterDays: 3 }) as object },
      data: null,
    },
  ]);
}, 60_000);

it('a day is not dropped without its archive because another process archives in this moment', async () => {
  const other = new FleetLease('archive');
  await other.hold(database.sql);
  expect(await drop()).not.toContain('20310510');
  expect(await source.query('SELECT FROM posthorn.deliveries')).toHaveLength(1);
  await other.leave(database.sql);
  expect(await drop()).toContain('20310510');
  expect(await storage.keys()).toContain(`posthorn/${NAME}/manifest.json`);
}, 60_000);
