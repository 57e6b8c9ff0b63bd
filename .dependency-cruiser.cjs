/** Who may import whom; ARCHITECTURE.md says why. What is not listed is forbidden. */
const MAY_IMPORT = {
  core: [],
  config: ['core'],
  database: ['core', 'config'],
  queue: ['core', 'config', 'database'],
  http: ['core', 'config', 'database'],
  spaces: ['core', 'config', 'database', 'http', 'profiles'],
  profiles: ['core'],
  deliveries: ['core', 'config', 'database', 'queue', 'spaces', 'http', 'profiles'],
  subscriptions: ['core', 'config', 'database', 'spaces', 'profiles', 'deliveries', 'http'],
  events: [
    'core',
    'config',
    'database',
    'queue',
    'spaces',
    'subscriptions',
    'deliveries',
    'profiles',
    'http',
  ],
  jobs: [
    'core',
    'config',
    'database',
    'queue',
    'spaces',
    'subscriptions',
    'deliveries',
    'events',
    'profiles',
    'http',
  ],
  dispatcher: ['core', 'config', 'database', 'queue', 'subscriptions', 'deliveries', 'profiles'],
  dashboard: ['core', 'config', 'database', 'queue', 'spaces', 'deliveries', 'subscriptions', 'http'],
  health: ['core', 'config', 'database', 'queue', 'spaces', 'deliveries', 'subscriptions', 'http'],
  'test-receiver': ['core', 'config', 'database', 'spaces', 'subscriptions', 'http'],
  cli: ['core', 'config', 'database'],
};

/** A provider's REST surface: `src/profiles/<name>/api/`. The rest of a profile's folder is pure. */
const SURFACE = '^src/profiles/[^/]+/api/';
const SURFACE_MAY_IMPORT = [
  'core',
  'config',
  'database',
  'http',
  'spaces',
  'subscriptions',
  'deliveries',
  'events',
  'jobs',
  'profiles',
];

/** Programs in folders of their own; like the roots (`src/*.ts`) they put the parts together. */
const PROGRAMS = ['dev', 'demo'];

const OURS = '^(src|migrations|test|web|benchmark|examples|scripts)/';
const folders = Object.keys(MAY_IMPORT).join('|');

const folderRules = Object.entries(MAY_IMPORT).map(([folder, others]) => {
  const allowed = [`^src/(${[folder, ...others].join('|')})/`];
  // The data source has to know what it migrates.
  if (folder === 'database') allowed.push('^migrations/index[.]ts$');
  return {
    name: `${folder}-imports`,
    severity: 'error',
    comment: `src/${folder} may import ${others.map((other) => `src/${other}`).join(', ') || 'nothing of ours'}.`,
    from: { path: `^src/${folder}/`, pathNot: SURFACE },
    to: { path: OURS, pathNot: allowed },
  };
});

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'surface-imports',
      severity: 'error',
      comment: "A provider's REST surface uses the engine like any other controller.",
      from: { path: SURFACE },
      to: { path: OURS, pathNot: `^src/(${SURFACE_MAY_IMPORT.join('|')})/` },
    },
    {
      name: 'nothing-needs-a-surface',
      severity: 'error',
      comment: 'Only the root puts REST surfaces into the application.',
      from: { path: '^src/[^/]+/', pathNot: SURFACE },
      to: { path: SURFACE },
    },
    {
      name: 'unknown-folder',
      severity: 'error',
      comment: 'A new folder under src needs its line in MAY_IMPORT.',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${[folders, ...PROGRAMS].join('|')})/` },
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
    {
      name: 'one-door-out',
      severity: 'error',
      comment: 'Only the dispatcher opens outbound sockets.',
      from: { path: '^src/', pathNot: '^src/dispatcher/' },
      to: { path: '^node_modules/undici/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file nobody imports; only a program may be one.',
      from: { orphan: true, pathNot: '^(src/[^/]+[.]ts|.+[.]d[.]ts)$' },
      to: {},
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'What runs in production is in `dependencies`; `dev` and `demo` are for a clone.',
      from: { path: '^(src|migrations)/', pathNot: `^src/(${PROGRAMS.join('|')})(/|[.]ts$)` },
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
