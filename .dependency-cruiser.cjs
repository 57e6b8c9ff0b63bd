/**
 * Who may import whom, from the ground floor up: a room imports from rooms above it in this table only, and what is not
 * listed is forbidden. ARCHITECTURE.md shows the same table (`scripts/import-table.mjs`).
 */
const ROOMS = {
  lib: [],
  core: ['lib'],
  outbound: ['lib', 'core'],
  profiles: ['lib', 'core'],
  config: ['lib', 'core'],
  telemetry: ['config'],
  database: ['lib', 'core', 'config'],
  queue: ['lib', 'config', 'database'],
  http: ['lib', 'core', 'config', 'database'],
  spaces: ['lib', 'core', 'profiles', 'config', 'database', 'http'],
  'event-types': ['lib', 'core', 'profiles', 'config', 'database', 'http', 'spaces'],
  endpoints: ['lib', 'core', 'profiles', 'config', 'database', 'spaces', 'event-types'],
  'event-store': ['lib', 'core', 'database', 'spaces'],
  deliveries: [
    ...['lib', 'core', 'profiles', 'config', 'database', 'queue', 'http'],
    ...['spaces', 'endpoints', 'event-store'],
  ],
  retention: ['lib', 'core', 'config', 'database', 'event-store', 'deliveries'],
  subscriptions: [
    ...['lib', 'core', 'profiles', 'config', 'database', 'http'],
    ...['spaces', 'event-types', 'endpoints', 'deliveries'],
  ],
  events: [
    ...['lib', 'core', 'profiles', 'config', 'database', 'queue', 'http'],
    ...['spaces', 'event-types', 'endpoints', 'event-store', 'deliveries', 'subscriptions'],
  ],
  dispatcher: [
    ...['lib', 'core', 'outbound', 'profiles', 'config', 'database', 'queue'],
    ...['endpoints', 'event-store', 'deliveries'],
  ],
  jobs: [
    ...['lib', 'core', 'config', 'database', 'queue', 'http'],
    ...['spaces', 'endpoints', 'event-store', 'deliveries', 'subscriptions', 'events'],
  ],
  'test-receiver': ['lib', 'core', 'config', 'database', 'http', 'spaces', 'endpoints'],
  dashboard: ['lib', 'core', 'config', 'database', 'http', 'spaces', 'endpoints', 'deliveries'],
  system: ['lib', 'config', 'database', 'queue', 'http', 'spaces', 'deliveries'],
  'provider-apis': [
    ...['lib', 'core', 'profiles', 'config', 'database', 'http'],
    ...['spaces', 'endpoints', 'event-store', 'deliveries', 'subscriptions', 'events', 'jobs'],
  ],
  app: [
    ...['lib', 'profiles', 'config', 'telemetry', 'database', 'queue', 'http', 'spaces', 'event-types'],
    ...['endpoints', 'event-store', 'deliveries', 'retention', 'subscriptions', 'events', 'dispatcher'],
    ...['jobs', 'test-receiver', 'dashboard', 'system', 'provider-apis'],
  ],
  dev: ['lib', 'core', 'profiles', 'config', 'http', 'dispatcher', 'app'],
  demo: ['lib', 'config', 'app', 'dev'],
  cli: ['lib', 'config', 'database'],
};

const names = Object.keys(ROOMS);
for (const [name, others] of Object.entries(ROOMS)) {
  const upward = others.find((other) => !names.slice(0, names.indexOf(name)).includes(other));
  if (upward) throw new Error(`${name} may not import ${upward}: it is not on a lower floor.`);
}

/** What a person starts in a clone; it may use what is not installed in production. */
const IN_A_CLONE = ['dev', 'demo'];

const OURS = '^(src|migrations|test|web|benchmark|examples|scripts)/';

const roomRules = Object.entries(ROOMS).map(([room, others]) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `src/${room} may import ${others.map((other) => `src/${other}`).join(', ') || 'nothing of ours'}.`,
  from: { path: `^src/${room}/` },
  // Migrations stand on the ground: they import nothing of ours, and the data source has to know them.
  to: {
    path: OURS,
    pathNot: [
      `^src/(${[room, ...others].join('|')})/`,
      ...(room === 'database' ? ['^migrations/index[.]ts$'] : []),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'unknown-folder',
      severity: 'error',
      comment: 'A new folder under src needs its line in ROOMS.',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${names.join('|')})/` },
      to: {},
    },
    {
      name: 'no-outsiders',
      severity: 'error',
      comment: 'The engine imports nothing but itself and its migrations.',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|web|benchmark|examples|scripts)/' },
    },
    {
      name: 'web-stands-alone',
      severity: 'error',
      comment: 'The dashboard knows the engine by its API only.',
      from: { path: '^web/' },
      to: { path: '^(src|migrations|test|benchmark|examples|scripts)/' },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      comment: 'A migration says what was true when it was written: code that changes must not change it.',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file nobody imports; only a program may be one.',
      from: {
        orphan: true,
        pathNot: '^(src/(main|index|(dev|demo)/main|dev/openapi|cli/posthorn)[.]ts|.+[.]d[.]ts)$',
      },
      to: {},
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'What runs in production is in `dependencies`; `dev` and `demo` are for a clone.',
      from: { path: '^(src|migrations)/', pathNot: `^src/(${IN_A_CLONE.join('|')})/` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports count: they couple as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
