import { ARCHIVE_SETTINGS } from './archive-settings.js';
import { CATALOGUE_SETTINGS } from './catalogue-settings.js';
import { EGRESS_SETTINGS } from './egress-settings.js';
import { LIMIT_SETTINGS } from './limit-settings.js';
import { OPERATIONAL_SETTINGS } from './operational-settings.js';
import { PEOPLE_SETTINGS } from './people-settings.js';
import { PORTAL_SETTINGS } from './portal-settings.js';
import { STORE_SETTINGS } from './store-settings.js';
import { TELEMETRY_SETTINGS } from './telemetry-settings.js';
import { choice, flag, isWhole, list, commaSeparated, text, whole, type Setting } from './setting.js';
import {
  ADMIN_KEY_RULE,
  ENCRYPTION_KEYS_RULE,
  FOLDER_RULE,
  HOST_RULE,
  isCidr,
  PAUSE_RULE,
  SCHEDULE_RULE,
} from './setting-rules.js';

const HOUR_MS = 3_600_000;

/**
 * Every setting but the limits of a space, by its name in `Settings`. Each is defined once, here or in the file of its
 * subject. The checks of the environment, the options of `PosthornModule`, `.env.example` and README's table
 * (`npm run settings`) are made from it.
 */
export const SETTINGS = {
  host: text({
    variable: 'HOST',
    default: '127.0.0.1',
    rule: HOST_RULE,
    doc: 'The address to listen on; `0.0.0.0` for every interface.',
  }),
  port: whole([0, 65_535], 'a port, e.g. 8080', {
    variable: 'PORT',
    default: 8080,
    doc: 'The port to listen on; 0 picks a free one.',
  }),
  role: choice(['all', 'api', 'worker'], {
    variable: 'POSTHORN_ROLE',
    default: 'all',
    doc: 'What this process does: everything (`all`), the API only (`api`), or deliveries only (`worker`).',
  }),
  ...STORE_SETTINGS,
  dataDir: text({
    variable: 'POSTHORN_DATA_DIR',
    default: '.posthorn',
    rule: FOLDER_RULE,
    doc: 'The folder for the embedded PostgreSQL and the generated keys.',
  }),
  adminKey: text({
    variable: 'POSTHORN_ADMIN_KEY',
    defaultNote: 'generated once',
    rule: ADMIN_KEY_RULE,
    isSecret: true,
    doc:
      "The operator's API key, 16 characters or more. Empty: generated once and kept in the data " +
      'folder; required with `DATABASE_URL`, but not by workers.',
  }),
  encryptionKeys: {
    variable: 'POSTHORN_ENCRYPTION_KEYS',
    default: [] as string[],
    defaultNote: 'generated once',
    rule: ENCRYPTION_KEYS_RULE,
    parse: commaSeparated,
    isSecret: true,
    inModule: true,
    doc:
      'Keys that encrypt secrets at rest, newest first, each 32 bytes in base64 (`openssl rand -base64 ' +
      '32`). Empty: generated once and kept in the data folder; required with `DATABASE_URL`.',
  },
  ...EGRESS_SETTINGS,
  trustProxy: list(isCidr, 'a list of CIDR blocks, e.g. 127.0.0.1/32,10.0.0.0/8', {
    variable: 'POSTHORN_TRUST_PROXY',
    doc:
      'Address blocks of the proxies in front, e.g. `127.0.0.1/32,10.0.0.0/8`: their `X-Forwarded-*` ' +
      'headers are believed.',
  }),
  retrySchedule: {
    variable: 'POSTHORN_RETRY_SCHEDULE',
    default: [5, 30, 300, 3_600, 21_600],
    defaultText: '5,30,300,3600,21600',
    rule: SCHEDULE_RULE,
    parse: (it: string) => commaSeparated(it).map(Number),
    mayBeEmpty: true,
    inModule: true,
    doc: 'Seconds between the attempts of a delivery, for subscriptions that set none. Empty: one attempt only.',
  },
  pauseAfter: {
    variable: 'POSTHORN_PAUSE_AFTER',
    default: 10,
    defaultText: '10',
    nullText: 'never',
    rule: PAUSE_RULE,
    parse: (it: string) => (it === 'never' ? null : Number(it)),
    inModule: true,
    doc: 'After how many failed attempts in a row a subscription is paused, or `never`.',
  },
  onExhausted: choice(['fail', 'hold'], {
    variable: 'POSTHORN_ON_EXHAUSTED',
    default: 'fail',
    doc:
      'What becomes of a delivery whose retry schedule is used up while its endpoint is down. `fail`: ' +
      'it fails; `hold`: the endpoint is paused and the delivery held until it recovers.',
    more: ['New subscriptions take this unless they say otherwise.'],
  }),
  retentionDays: whole([1, 36_500], 'a number of days, e.g. 30', {
    variable: 'POSTHORN_RETENTION_DAYS',
    default: 30,
    inModule: true,
    doc: 'For how many days events, deliveries and attempts are kept. What is not finished stays longer.',
  }),
  ...CATALOGUE_SETTINGS,
  ...ARCHIVE_SETTINGS,
  auditRetentionDays: whole([0, 36_500], 'a number of days, e.g. 365, or 0 for ever', {
    variable: 'POSTHORN_AUDIT_RETENTION_DAYS',
    default: 365,
    doc: 'For how many days the audit log is kept, whatever the retention of events; 0: for ever.',
  }),
  heldDays: whole([1, 3_650], 'a number of days from 1 to 3650, e.g. 30', {
    variable: 'POSTHORN_HELD_DAYS',
    default: 30,
    inModule: true,
    doc:
      'For how many days a held delivery waits for its paused subscription before it expires. A ' +
      'subscription may say otherwise.',
  }),
  heldMax: whole([1, 100_000_000], 'a number of deliveries from 1 to 100000000, e.g. 1000000', {
    variable: 'POSTHORN_HELD_MAX',
    default: 1_000_000,
    inModule: true,
    doc:
      'How many deliveries are held for one subscription; of more, the oldest expire. A subscription ' +
      'may say otherwise.',
  }),
  healthPort: {
    variable: 'POSTHORN_HEALTH_PORT',
    default: null,
    defaultNote: '9090 for role `worker`, else off',
    rule: {
      accepts: (it: string) => it === 'off' || isWhole(it, 0, 65_535),
      problem: 'is not a port, e.g. 9090, or off',
    },
    parse: (it: string): number | null => (it === 'off' ? null : Number(it)),
    doc:
      'A port of its own for `/healthz`, `/readyz` and `/metrics`, on `HOST`; 0 picks a free one, `off` ' +
      'opens none. Two workers on one machine need different ones.',
  },
  drainDelayMs: {
    variable: 'POSTHORN_DRAIN_DELAY_MS',
    default: 0,
    defaultNote: '5000 under Kubernetes, else 0',
    rule: {
      accepts: (it: string) => isWhole(it, 0, HOUR_MS),
      problem: 'is not a number of milliseconds up to an hour, e.g. 5000',
    },
    parse: Number,
    doc:
      'How long a stopping process goes on taking requests while `/readyz` is 503, milliseconds: the ' +
      'time that load balancers need to see it.',
  },
  shutdownGraceMs: whole([0, HOUR_MS], 'a number of milliseconds up to an hour, e.g. 20000', {
    variable: 'POSTHORN_SHUTDOWN_GRACE_MS',
    default: 20_000,
    inModule: true,
    doc: 'How long a stopping process waits for requests in flight, milliseconds.',
  }),
  slowPublishMs: whole([0, 10_000], 'a number of milliseconds from 0 to 10000, e.g. 1000', {
    variable: 'POSTHORN_SLOW_PUBLISH_MS',
    default: 1_000,
    doc:
      'For how long a publish waits at the most while the workers cannot deliver as fast as its space ' +
      'publishes, milliseconds. 0: never.',
  }),
  sweepIntervalMs: whole([50, HOUR_MS], 'a number of milliseconds from 50 to an hour, e.g. 2000', {
    variable: 'POSTHORN_SWEEP_INTERVAL_MS',
    default: 2_000,
    inModule: true,
    doc: 'How often the sweeper looks for due deliveries that nobody has leased, milliseconds.',
  }),
  leaseGraceMs: whole([1_000, HOUR_MS], 'a number of milliseconds from 1000 to an hour, e.g. 30000', {
    variable: 'POSTHORN_LEASE_GRACE_MS',
    default: 30_000,
    inModule: true,
    doc: "How long after an endpoint's timeout the lease of a silent worker ends, milliseconds.",
  }),
  ...OPERATIONAL_SETTINGS,
  ...PORTAL_SETTINGS,
  ...PEOPLE_SETTINGS,
  testReceiver: flag({
    variable: 'POSTHORN_TEST_RECEIVER',
    doc: 'Whether spaces may have test receivers inside the engine. For trying out, not for production.',
  }),
  providerLimits: flag({
    variable: 'POSTHORN_PROVIDER_LIMITS',
    doc: 'Whether the provider APIs refuse more webhooks than the provider allows (lemlist: 200).',
  }),
  ...TELEMETRY_SETTINGS,
} satisfies Record<string, Setting<unknown>>;

/** All of them, in the order of the documents. */
export const ALL_SETTINGS: readonly Setting<unknown>[] = [
  ...Object.values(SETTINGS),
  ...Object.values(LIMIT_SETTINGS),
];
