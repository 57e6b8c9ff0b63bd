const { ROOMS } = require('./scripts/rooms.cjs');

const names = Object.keys(ROOMS);

/** What a person starts in a clone; it may use what is not installed in production. */
const IN_A_CLONE = ['dev', 'demo'];

const OURS = '^(src|migrations|packages|test|web|benchmark|examples|scripts)/';

const roomRules = Object.entries(ROOMS).map(([room, { imports }]) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `src/${room} may import ${imports.map((other) => `src/${other}`).join(', ') || 'nothing of ours'}.`,
  from: { path: `^src/${room}/` },
  // Migrations stand on the ground: they import nothing of ours, and the data source has to know them.
  to: {
    path: OURS,
    pathNot: [
      `^src/(${[room, ...imports].join('|')})/`,
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
      comment: 'A new folder under src needs its entry in scripts/rooms.cjs.',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${names.join('|')})/` },
      to: {},
    },
    {
      name: 'no-outsiders',
      severity: 'error',
      comment: 'The engine imports nothing but itself and its migrations.',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(packages|test|web|benchmark|examples|scripts)/' },
    },
    {
      name: 'web-stands-alone',
      severity: 'error',
      comment:
        'The dashboard knows the engine by its API only. The portal uses the hooks that others get, too.',
      from: { path: '^web/' },
      to: { path: '^(src|migrations|packages|test|benchmark|examples|scripts)/' },
    },
    {
      name: 'portal-stands-alone',
      severity: 'error',
      comment: 'What customers load is small: no Mantine, and no pages of the operator.',
      from: { path: '^web/src/portal/' },
      to: { path: '^web/src/', pathNot: '^web/src/(portal|text)/|^web/src/navigation/hash-location[.]ts$' },
    },
    {
      name: 'no-mantine-in-portal',
      severity: 'error',
      from: { path: '^web/src/(portal|text)/' },
      to: { path: 'node_modules/@mantine/' },
    },
    ...['client', 'react', 'receiver', 'testing'].map((name) => ({
      name: `package-${name}`,
      severity: 'error',
      comment: 'It is installed without the rest of the repository.',
      from: { path: `^packages/${name}/` },
      to: { path: OURS, pathNot: `^packages/${name}/` },
    })),
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
        pathNot:
          '^(src/(main|index|(dev|demo|testing)/main|dev/openapi|cli/posthorn)[.]ts' +
          '|packages/[^/]+/src/[^/]+[.]ts|.+[.]d[.]ts)$',
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Packages of this repository are built only where they are used as packages.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@posthorn/' },
    },
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
    exclude: { path: '^packages/[^/]+/dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports count: they couple as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
