/**
 * The folders of `src`, from the ground up: what each holds, and which others it may import. Only folders above it in
 * this table can be in its list, so there is no upward import. `.dependency-cruiser.cjs` enforces it, and
 * `npm run import-table` writes it into ARCHITECTURE.md.
 */
const ROOMS = {
  lib: { holds: 'algorithms and data structures that know nothing of webhooks', imports: [] },
  core: {
    holds: 'the rules of webhooks as pure functions: filters, verdicts, health, limits, errors',
    imports: ['lib'],
  },
  outbound: {
    holds: 'the HTTP client: resolver, guarded connector, connection pool, response parser, sender',
    imports: ['lib', 'core'],
  },
  profiles: {
    holds:
      "how each provider's webhooks look and behave, a folder each ([docs/profiles.md](docs/profiles.md))",
    imports: ['lib', 'core'],
  },
  bodies: {
    holds: 'bodies of requests that are not of the usual form: templates, forms, chat messages',
    imports: ['lib', 'core'],
  },
  config: {
    holds: 'all settings; the only code that reads the environment',
    imports: ['lib', 'core'],
  },
  telemetry: { holds: 'logging, tracing; all metrics of a process', imports: ['lib', 'config'] },
  database: {
    holds: 'data source, transactions, timeouts, partitions, embedded PostgreSQL, database clock',
    imports: ['lib', 'core', 'config'],
  },
  queue: {
    holds: 'the delivery queue: BullMQ on Redis or PostgreSQL',
    imports: ['lib', 'config', 'telemetry', 'database'],
  },
  http: {
    holds: 'Fastify set-up, problem responses, validation, cursors, body limits, OpenAPI',
    imports: ['lib', 'core', 'config', 'telemetry', 'database'],
  },
  audit: {
    holds: 'the entries that say who changed what, written with each change',
    imports: ['lib', 'core', 'database'],
  },
  people: {
    holds: 'who may sign in, what they may do, and their sessions',
    imports: ['lib', 'core', 'config', 'database', 'audit'],
  },
  spaces: {
    holds: 'tenants, API keys, portal links, access to routes',
    imports: ['lib', 'core', 'profiles', 'config', 'database', 'http', 'audit', 'people'],
  },
  'event-types': {
    holds: 'the catalogue of a space and its own event types with their schemas',
    imports: ['lib', 'core', 'profiles', 'config', 'database', 'http', 'audit', 'spaces'],
  },
  endpoints: {
    holds: 'what publishers and workers need of subscriptions: routes, secrets, health, probes',
    imports: ['lib', 'core', 'profiles', 'config', 'database', 'spaces', 'event-types'],
  },
  'event-store': {
    holds: 'the SQL of events: insert, find, expire; idempotency keys',
    imports: ['lib', 'core', 'database', 'spaces'],
  },
  'operational-events': {
    holds: 'events about endpoints, for the people who run Posthorn: paused, recovered, and others',
    imports: [
      'lib',
      'core',
      'config',
      'database',
      'audit',
      'spaces',
      'event-types',
      'endpoints',
      'event-store',
    ],
  },
  deliveries: {
    holds: 'all SQL that writes deliveries and attempts; their log; local dispatch',
    imports: [
      ...['lib', 'core', 'profiles', 'bodies', 'config', 'database', 'queue', 'http'],
      ...['audit', 'spaces', 'endpoints', 'event-store'],
    ],
  },
  archive: {
    holds: 'writes finished days to S3-compatible storage before retention drops them',
    imports: [
      ...['lib', 'core', 'config', 'telemetry', 'database', 'http', 'audit'],
      ...['spaces', 'event-store', 'deliveries'],
    ],
  },
  retention: {
    holds: 'makes and drops the partitions of days; removes earlier what a space wants removed',
    imports: ['lib', 'core', 'config', 'database', 'audit', 'spaces', 'event-store', 'deliveries', 'archive'],
  },
  holds: {
    holds: 'legal holds, as people set and release them',
    imports: ['lib', 'core', 'database', 'http', 'audit', 'spaces', 'event-store'],
  },
  subscriptions: {
    holds: 'subscriptions as people manage them: create, change, pause, resume, rotate',
    imports: [
      ...['lib', 'core', 'profiles', 'bodies', 'config', 'telemetry', 'database', 'http'],
      ...['audit', 'spaces', 'event-types', 'endpoints', 'deliveries'],
    ],
  },
  events: {
    holds: 'publish, match, store; the emitter for NestJS; simulated and test events',
    imports: [
      ...['lib', 'core', 'profiles', 'config', 'telemetry', 'database', 'queue', 'http'],
      ...['audit', 'spaces', 'event-types', 'endpoints', 'event-store', 'deliveries', 'subscriptions'],
    ],
  },
  exports: {
    holds: 'deliveries, attempts and events of a filter as a stream of CSV or NDJSON',
    imports: ['lib', 'core', 'http', 'spaces', 'deliveries', 'events'],
  },
  dispatcher: {
    holds: 'the worker: scheduler, lease, attempt, settle; sweeper, heartbeat, expirer',
    imports: [
      ...['lib', 'core', 'outbound', 'profiles', 'bodies', 'config', 'telemetry', 'database', 'queue'],
      ...['endpoints', 'event-store', 'operational-events', 'deliveries'],
    ],
  },
  trials: {
    holds: 'what a subscription would get of an event, by the code that matches, renders and signs',
    imports: [
      ...['lib', 'core', 'profiles', 'bodies', 'database', 'http', 'spaces', 'event-types', 'endpoints'],
      ...['subscriptions', 'events', 'dispatcher'],
    ],
  },
  'test-receiver': {
    holds: 'endpoints inside the engine, for tests by its users',
    imports: ['lib', 'core', 'config', 'database', 'http', 'audit', 'spaces', 'endpoints'],
  },
  broadcasts: {
    holds: 'events for many spaces: accepted by the API, published by workers',
    imports: [
      ...['lib', 'core', 'config', 'database', 'http', 'audit', 'spaces', 'event-types', 'endpoints'],
      ...['event-store', 'deliveries', 'events'],
    ],
  },
  jobs: {
    holds: 'replays, bulk retries and erasures: accepted by the API, carried out by workers',
    imports: [
      ...['lib', 'core', 'config', 'database', 'queue', 'http', 'audit', 'spaces', 'endpoints'],
      ...['event-store', 'deliveries', 'subscriptions', 'events', 'test-receiver', 'broadcasts'],
    ],
  },
  dashboard: {
    holds: 'serves the built web app, its session and its overview',
    imports: [
      ...['lib', 'core', 'config', 'database', 'http', 'spaces', 'event-types'],
      ...['endpoints', 'event-store', 'deliveries', 'jobs'],
    ],
  },
  system: {
    holds: 'liveness, readiness, what metrics ask of the database, the state of the whole system',
    imports: [
      ...['lib', 'core', 'config', 'telemetry', 'database', 'queue', 'http'],
      ...['spaces', 'endpoints', 'deliveries', 'archive', 'jobs'],
    ],
  },
  'audit-api': {
    holds: 'reads and exports the audit log',
    imports: ['lib', 'core', 'config', 'database', 'http', 'audit', 'people', 'spaces', 'endpoints'],
  },
  'people-api': {
    holds: 'people and sessions over HTTP; signing in by OpenID Connect and by mail',
    imports: ['lib', 'core', 'config', 'database', 'http', 'audit', 'people', 'spaces'],
  },
  'provider-apis': {
    holds: "the providers' own REST APIs, a folder each",
    imports: [
      ...['lib', 'core', 'profiles', 'config', 'database', 'http'],
      ...['spaces', 'endpoints', 'event-store', 'deliveries', 'subscriptions', 'events', 'jobs'],
    ],
  },
  host: {
    holds: 'what a NestJS application gets: services, errors, health, routes in the application',
    imports: [
      ...['lib', 'core', 'profiles', 'bodies', 'config', 'telemetry', 'database', 'queue', 'http', 'audit'],
      ...['spaces', 'event-types', 'endpoints', 'event-store', 'deliveries', 'subscriptions', 'events'],
      ...[
        'operational-events',
        'exports',
        'dispatcher',
        'jobs',
        'broadcasts',
        'dashboard',
        'system',
        'audit-api',
      ],
    ],
  },
  app: {
    holds: 'puts the modules together: roles, start, stop',
    imports: [
      ...['lib', 'profiles', 'config', 'telemetry', 'database', 'queue', 'http', 'spaces', 'event-types'],
      ...['endpoints', 'event-store', 'deliveries', 'retention', 'subscriptions', 'events', 'dispatcher'],
      ...[
        'archive',
        'operational-events',
        'broadcasts',
        'holds',
        'exports',
        'jobs',
        'test-receiver',
        'trials',
        'audit',
        'audit-api',
        'dashboard',
        'system',
        'people',
        'people-api',
      ],
      ...['provider-apis', 'host'],
    ],
  },
  dev: {
    holds: '`npm run dev`',
    imports: ['lib', 'core', 'profiles', 'config', 'http', 'dispatcher', 'app'],
  },
  demo: { holds: '`npm run demo`', imports: ['lib', 'config', 'app', 'dev'] },
  testing: {
    holds: 'the engine of `@posthorn/testing`: a process by a clock that the test moves',
    imports: ['lib', 'config', 'database', 'dispatcher', 'app'],
  },
  cli: {
    holds: 'the `posthorn` command: an HTTP client, except for `migrate`',
    imports: ['lib', 'config', 'database', 'queue'],
  },
};

const names = Object.keys(ROOMS);
for (const [name, { imports }] of Object.entries(ROOMS)) {
  const upward = imports.find((other) => !names.slice(0, names.indexOf(name)).includes(other));
  if (upward) throw new Error(`${name} may not import ${upward}: it is not above it in scripts/rooms.cjs.`);
}

module.exports = { ROOMS };
