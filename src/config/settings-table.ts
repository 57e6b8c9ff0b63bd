import { parseEgressProxy } from '../core/egress-proxy.js';
import { LOG_LEVEL_RULE } from './log-levels.js';
import { DEFAULT_LIMITS, type LimitName } from '../core/limits.js';
import { ARCHIVE_SETTINGS } from './archive-settings.js';
import { CATALOGUE_SETTINGS } from './catalogue-settings.js';
import { PORTAL_SETTINGS } from './portal-settings.js';
import { choice, flag, isWhole, list, listOf, text, whole, type Setting } from './setting.js';
import {
  ADMIN_KEY_RULE,
  CA_FILE_RULE,
  DATABASE_RULE,
  ENCRYPTION_KEYS_RULE,
  FOLDER_RULE,
  HOST_RULE,
  isCidr,
  isHostEntry,
  OTLP_PROTOCOLS,
  OTLP_RULE,
  PAUSE_RULE,
  PROXY_RULE,
  REDIS_RULE,
  SCHEDULE_RULE,
  SOURCE_ADDRESS_RULE,
} from './setting-rules.js';

const HOUR_MS = 3_600_000;

/**
 * Every setting but the limits of a space, by its name in `Settings`: the only place where one is defined. From here
 * come the checks of the environment, the options of `PosthornModule`, `.env.example` and README's table (`npm run
 * settings`).
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
  databaseUrl: text({
    variable: 'DATABASE_URL',
    defaultNote: 'embedded PostgreSQL',
    rule: DATABASE_RULE,
    isSecret: true,
    inModule: true,
    doc: 'The PostgreSQL to use, e.g. `postgres://user:password@localhost:5432/posthorn`. Empty: Posthorn runs its own.',
    more: [
      'Several servers, of which the one that takes writes is used:',
      'postgres://user@host1:5432,host2:5432/posthorn?target_session_attrs=read-write.',
    ],
  }),
  databaseDirectUrl: text({
    variable: 'DATABASE_DIRECT_URL',
    defaultNote: '`DATABASE_URL`',
    rule: DATABASE_RULE,
    isSecret: true,
    inModule: true,
    doc: 'With a pooler such as PgBouncer at `DATABASE_URL`: the same database without the pooler, for migrations and for what needs a session. See [docs/operating.md](docs/operating.md#poolers).',
  }),
  dbPool: whole([6, 1_000], 'a number of connections from 6 to 1000, e.g. 10', {
    variable: 'POSTHORN_DB_POOL',
    default: 10,
    inModule: true,
    doc: "How many database connections this process opens at most, the queue's included.",
  }),
  dbPrepared: choice(['auto', 'on', 'off'], {
    variable: 'POSTHORN_DB_PREPARED',
    default: 'auto',
    inModule: true,
    doc: 'Whether statements are prepared by name. `auto`: unless a pooler at `DATABASE_URL` would lose them.',
  }),
  redisUrl: text({
    variable: 'REDIS_URL',
    defaultNote: 'queue in PostgreSQL',
    rule: REDIS_RULE,
    isSecret: true,
    inModule: true,
    doc: 'The Redis for the queue: `redis://`, `redis+cluster://` or `redis+sentinel://`, with `rediss` for TLS. Empty: the queue is in the database.',
    more: [
      'One server: redis://localhost:6379.',
      'Some nodes of a Redis Cluster: redis+cluster://user:password@host1:6379,host2:6379.',
      'A master behind Redis Sentinels: redis+sentinel://user:password@host1:26379,host2:26379/mymaster/0.',
    ],
  }),
  queueShards: whole([1, 64], 'a number of queues from 1 to 64, e.g. 4', {
    variable: 'POSTHORN_QUEUE_SHARDS',
    default: 1,
    inModule: true,
    doc: 'How many queues on Redis share the jobs, 1 to 64; the same for every process. See [docs/scaling.md](docs/scaling.md).',
  }),
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
    doc: "The operator's API key, 16 characters or more. Empty: generated once and kept in the data folder; required with `DATABASE_URL`, but not by workers.",
  }),
  encryptionKeys: {
    variable: 'POSTHORN_ENCRYPTION_KEYS',
    default: [] as string[],
    defaultNote: 'generated once',
    rule: ENCRYPTION_KEYS_RULE,
    parse: listOf,
    isSecret: true,
    inModule: true,
    doc: 'Keys that encrypt secrets at rest, newest first, each 32 bytes in base64 (`openssl rand -base64 32`). Empty: generated once and kept in the data folder; required with `DATABASE_URL`.',
  },
  allowHttp: flag({
    variable: 'POSTHORN_ALLOW_HTTP',
    inModule: true,
    doc: 'Whether subscriptions may use `http://` besides `https://`.',
  }),
  allowTargets: list(isCidr, 'a list of CIDR blocks, e.g. 10.0.0.0/8,fd00::/8', {
    variable: 'POSTHORN_ALLOW_TARGETS',
    inModule: true,
    doc: 'Private address blocks that endpoints may be in, e.g. `10.0.0.0/8,fd00::/8`.',
  }),
  egressProxy: {
    variable: 'POSTHORN_EGRESS_PROXY',
    default: null,
    defaultNote: 'none',
    rule: PROXY_RULE,
    parse: parseEgressProxy,
    isSecret: true,
    inModule: true,
    doc: 'A proxy through which all requests to endpoints leave: `http://user:password@host:3128`, `https://`, `socks5://` or `socks5h://`. See [docs/deploy.md](docs/deploy.md#company-networks).',
    more: [
      'Posthorn looks names up and checks the addresses itself, and asks the proxy for the address; with socks5h the',
      'proxy looks names up.',
    ],
  },
  egressNoProxy: list(isHostEntry, 'a list of hosts, addresses and CIDR blocks, e.g. .internal,10.0.0.0/8', {
    variable: 'POSTHORN_EGRESS_NO_PROXY',
    inModule: true,
    doc: 'Endpoints that are reached without the egress proxy: `example.com` with its subdomains, `.example.com` for these only, addresses, CIDR blocks, `*`; a port may follow a name.',
  }),
  egressAlwaysProxy: list(isHostEntry, 'a list of hosts, addresses and CIDR blocks, e.g. example.com', {
    variable: 'POSTHORN_EGRESS_ALWAYS_PROXY',
    inModule: true,
    doc: "Endpoints that are reached through the egress proxy even if `POSTHORN_EGRESS_NO_PROXY` has them, since their firewalls admit only the proxy's static address; in the same form.",
  }),
  egressProxyDns: choice(['local', 'proxy'], {
    variable: 'POSTHORN_EGRESS_PROXY_DNS',
    default: 'local',
    inModule: true,
    doc: 'Who looks up the names of endpoints behind the egress proxy: Posthorn (`local`), or the `proxy`, for networks without a public DNS or proxies with rules by name. Then only the proxy can keep private addresses out.',
  }),
  egressCaFile: text({
    variable: 'POSTHORN_EGRESS_CA_FILE',
    rule: CA_FILE_RULE,
    inModule: true,
    doc: 'A PEM file of certificates of authorities to trust besides the public ones, for endpoints and the egress proxy, e.g. `/etc/ssl/certs/company-ca.pem`.',
  }),
  egressSourceAddress: {
    variable: 'POSTHORN_EGRESS_SOURCE_ADDRESS',
    default: [] as string[],
    rule: SOURCE_ADDRESS_RULE,
    parse: listOf,
    inModule: true,
    doc: 'The address of this machine that requests to endpoints leave from: one, or one of each family. Endpoints without an address of these families are not reached.',
  },
  egressTlsMin: choice(['1.2', '1.3'], {
    variable: 'POSTHORN_EGRESS_TLS_MIN',
    default: '1.2',
    inModule: true,
    doc: 'The oldest version of TLS that endpoints may speak: `1.2` or `1.3`.',
  }),
  trustProxy: list(isCidr, 'a list of CIDR blocks, e.g. 127.0.0.1/32,10.0.0.0/8', {
    variable: 'POSTHORN_TRUST_PROXY',
    doc: 'Address blocks of the proxies in front, e.g. `127.0.0.1/32,10.0.0.0/8`: their `X-Forwarded-*` headers are believed.',
  }),
  retrySchedule: {
    variable: 'POSTHORN_RETRY_SCHEDULE',
    default: [5, 30, 300, 3_600, 21_600],
    defaultText: '5,30,300,3600,21600',
    rule: SCHEDULE_RULE,
    parse: (it: string) => listOf(it).map(Number),
    mayBeEmpty: true,
    inModule: true,
    doc: 'Seconds between the attempts of a delivery, for subscriptions that set none. Empty: one attempt only.',
  },
  pauseAfter: {
    variable: 'POSTHORN_PAUSE_AFTER',
    default: 10,
    defaultText: '10',
    rule: PAUSE_RULE,
    parse: (it: string) => (it === 'never' ? null : Number(it)),
    inModule: true,
    doc: 'After how many failed attempts in a row a subscription is paused, or `never`.',
  },
  onExhausted: choice(['fail', 'hold'], {
    variable: 'POSTHORN_ON_EXHAUSTED',
    default: 'fail',
    doc: 'What becomes of a delivery whose retry schedule is used up while its endpoint is down. `fail`: it fails; `hold`: the endpoint is paused and the delivery held until it recovers.',
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
    doc: 'For how many days a held delivery waits for its paused subscription before it expires. A subscription may say otherwise.',
  }),
  heldMax: whole([1, 100_000_000], 'a number of deliveries from 1 to 100000000, e.g. 1000000', {
    variable: 'POSTHORN_HELD_MAX',
    default: 1_000_000,
    inModule: true,
    doc: 'How many deliveries are held for one subscription; of more, the oldest expire. A subscription may say otherwise.',
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
    doc: 'A port of its own for `/healthz`, `/readyz` and `/metrics`, on `HOST`; 0 picks a free one, `off` opens none. Two workers on one machine need different ones.',
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
    doc: 'How long a stopping process goes on taking requests while `/readyz` is 503, milliseconds: the time that load balancers need to see it.',
  },
  shutdownGraceMs: whole([0, HOUR_MS], 'a number of milliseconds up to an hour, e.g. 20000', {
    variable: 'POSTHORN_SHUTDOWN_GRACE_MS',
    default: 20_000,
    inModule: true,
    doc: 'How long a stopping process waits for requests in flight, milliseconds.',
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
  ...PORTAL_SETTINGS,
  testReceiver: flag({
    variable: 'POSTHORN_TEST_RECEIVER',
    doc: 'Whether spaces may have test receivers inside the engine. For trying out, not for production.',
  }),
  providerLimits: flag({
    variable: 'POSTHORN_PROVIDER_LIMITS',
    doc: 'Whether the provider APIs refuse more webhooks than the provider allows (lemlist: 200).',
  }),
  otlpEndpoint: text({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    defaultNote: 'no traces',
    rule: OTLP_RULE,
    isSecret: true,
    doc: 'The OpenTelemetry collector for traces, e.g. `http://localhost:4318`. Empty: nothing is traced. [docs/operating.md](docs/operating.md#traces) has the other `OTEL_*` variables.',
  }),
  otlpTracesEndpoint: text({
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    defaultNote: 'the one above with `/v1/traces`',
    rule: OTLP_RULE,
    isSecret: true,
    doc: 'The whole address for traces where it is another one, e.g. `http://localhost:4318/v1/traces`.',
  }),
  otlpProtocol: choice(OTLP_PROTOCOLS, {
    variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    default: 'http/protobuf',
    doc: 'How traces are sent: `http/protobuf` or `http/json`.',
  }),
  logLevel: text({
    variable: 'LOG_LEVEL',
    default: 'info',
    rule: LOG_LEVEL_RULE,
    doc: 'What to log: `fatal`, `error`, `warn`, `info`, `debug` or `silent`; with levels of contexts after it where they differ, e.g. `info,dispatcher=debug`.',
  }),
  logFormat: choice(['auto', 'json', 'text'], {
    variable: 'POSTHORN_LOG_FORMAT',
    default: 'auto',
    doc: 'How to log: a JSON object per line (`json`), lines for people (`text`), or the latter on a terminal only (`auto`).',
  }),
  logWide: flag({
    variable: 'POSTHORN_LOG_WIDE',
    doc: 'Whether to log each publish request and each batch of attempts as one line with all its numbers, at `info`.',
  }),
} satisfies Record<string, Setting<unknown>>;

/** What a space may have where it has no limits of its own. */
export const LIMIT_SETTINGS: Record<LimitName, Setting<number>> = {
  subscriptions: limit(
    'SUBSCRIPTIONS',
    DEFAULT_LIMITS.subscriptions,
    'How many subscriptions a space may have.',
  ),
  keys: limit('KEYS', DEFAULT_LIMITS.keys, 'How many API keys a space may have.'),
  portalLinks: limit(
    'PORTAL_LINKS',
    DEFAULT_LIMITS.portalLinks,
    'How many valid portal links a space may have.',
  ),
  eventTypes: limit(
    'EVENT_TYPES',
    DEFAULT_LIMITS.eventTypes,
    'How many event types of its own a space may have.',
  ),
  filterBytes: limit('FILTER_BYTES', DEFAULT_LIMITS.filterBytes, 'How many bytes a stored filter may have.'),
  fanOut: limit(
    'FAN_OUT',
    DEFAULT_LIMITS.fanOut,
    'How many deliveries (events × subscriptions) one publish request may make before it takes turns with others like it.',
  ),
  openJobs: limit(
    'OPEN_JOBS',
    DEFAULT_LIMITS.openJobs,
    'How many unfinished replays and bulk retries a space may have.',
  ),
  eventsPerSecond: limit(
    'EVENTS_PER_SECOND',
    DEFAULT_LIMITS.eventsPerSecond,
    'How many events a second a space may publish, for each process that publishes.',
  ),
};

function limit(name: string, value: number, doc: string): Setting<number> {
  const variable = `POSTHORN_LIMIT_${name}`;
  return whole([1, 100_000_000], 'a number from 1 to 100000000, e.g. 1000', {
    variable,
    default: value,
    doc,
  });
}

/** All of them, in the order of the documents. */
export const ALL_SETTINGS: readonly Setting<unknown>[] = [
  ...Object.values(SETTINGS),
  ...Object.values(LIMIT_SETTINGS),
];
