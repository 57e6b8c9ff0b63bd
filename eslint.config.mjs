import eslint from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// There are no eslint-disable comments: what a rule may not see is said here, with its reason.

const ONE_WAY_OUT = 'Only src/outbound opens outbound sockets: the address guard lives there.';

/** Modules that open connections. `STATUS_CODES` is a table of words, a server opens none; types open nothing. */
const outboundModules = [
  ...['undici', 'http', 'https', 'http2', 'net', 'tls', 'dgram', 'node:https', 'node:http2', 'node:tls'].map(
    (name) => ({ name, message: ONE_WAY_OUT, allowTypeImports: true }),
  ),
  {
    name: 'node:http',
    allowImportNames: ['METHODS', 'STATUS_CODES', 'createServer'],
    message: ONE_WAY_OUT,
    allowTypeImports: true,
  },
  {
    name: 'node:net',
    importNames: ['default', 'connect', 'createConnection', 'Socket'],
    message: ONE_WAY_OUT,
    allowTypeImports: true,
  },
];

const ONE_READER = 'Only src/config reads the environment: add a setting there.';
const environmentModules = ['process', 'node:process'].map((name) => ({ name, message: ONE_READER }));

const ONE_CLOCK = 'The time of day comes from the injected Clock; durations come from performance.now().';
const wallClocks = [
  { object: 'Date', property: 'now', message: ONE_CLOCK },
  { object: 'performance', property: 'timeOrigin', message: ONE_CLOCK },
  { object: 'process', property: 'hrtime', message: ONE_CLOCK },
];

const typedRules = {
  // Nest's modules are classes with nothing but a decorator.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
  // A DTO class is the shape of a JSON object: it has no methods, and object literals are its instances.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  '@typescript-eslint/no-misused-spread': 'off',
  eqeqeq: 'error',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'coverage/',
      '.posthorn/',
      'test-results/',
      'web/src/api/schema.ts',
      'packages/client/src/schema.ts',
      'web/public/',
      'test/hosts/*/',
      'examples/prisma/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    // Prettier breaks code, but no comments and no long strings. A test's strings are often data; a migration stays.
    rules: { 'max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }] },
  },
  {
    files: ['test/**', 'migrations/**'],
    rules: { 'max-len': ['error', { code: 1_000, comments: 120, ignoreUrls: true }] },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', fetch: 'readonly' },
    },
  },
  {
    // A page of an example, which runs in a browser as it is.
    files: ['examples/crm/public/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['addEventListener', 'alert', 'crypto', 'document', 'fetch', 'FormData', 'location', 'prompt'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['web/**', 'packages/react/**'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.check.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: typedRules,
  },
  {
    files: ['web/**/*.{ts,tsx}', 'packages/react/src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, reactHooks.configs.flat.recommended],
    languageOptions: {
      parserOptions: { project: ['./web/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...typedRules,
      'max-lines': ['error', 350],
      // Most lines of a component are its markup.
      'max-lines-per-function': ['error', 100],
      'no-console': 'error',
      // Text from strangers stays text.
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Use <Untrusted>.' },
      ],
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Use <Untrusted>.' }],
    },
  },
  {
    // Jest types its asymmetric matchers (`expect.any(String)`) as any; a type parameter says what JSON is expected.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Real processes take real time in test/faults and test/upgrade; test/support has the waiting itself.
    files: ['test/**/*.test.ts'],
    ignores: ['test/faults/**', 'test/upgrade/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['sleep', 'delay', 'setTimeout'].map((name) => ({
          selector: `CallExpression[callee.name='${name}'] > Literal[value>50]`,
          message: 'Wait for a condition (eventually), or say why nothing may happen meanwhile (staysSo).',
        })),
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.{ts,tsx}'],
    rules: {
      'max-lines': ['error', 350],
      'max-lines-per-function': ['error', 60],
      'no-console': 'error',
    },
  },
  {
    // The types of Jest and Vitest are extended by interfaces of their names, which add nothing of their own.
    files: ['packages/testing/src/{jest,vitest}.ts'],
    rules: {
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    // They run in browsers and on edge runtimes, where there is nothing of Node's.
    files: ['packages/{client,react,receiver}/src/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'This package runs outside Node, too.' }] },
      ],
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'require', '__dirname'].map((name) => ({
          name,
          message: 'This package runs outside Node, too.',
        })),
      ],
    },
  },
  {
    // What allows a provider without TLS is marked as deprecated to be noticed; the setting keeps it to this machine.
    files: ['src/people-api/identity-provider.ts'],
    rules: {
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', name: 'allowInsecureRequests', package: 'openid-client' }] },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', 350],
      'max-lines-per-function': ['error', 60],
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource'].map((name) => ({ name, message: ONE_WAY_OUT })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: ONE_READER },
        ...wallClocks,
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
          message: ONE_CLOCK,
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [...outboundModules, ...environmentModules] },
      ],
    },
  },
  {
    // The HTTP client itself; the command line, which is a client of the API; the receivers of `dev` and `demo`.
    files: ['src/outbound/**/*.ts', 'src/{dev,demo,cli}/**/*.ts'],
    rules: {
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { paths: environmentModules }],
    },
  },
  {
    files: ['src/config/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { paths: outboundModules }],
    },
  },
  {
    // The clock itself; the folder's lock, taken before there is a database, by the time processes started; and the
    // moment at which a clock that tests move begins.
    files: ['src/database/{database-clock,data-folder-lock}.ts', 'src/testing/main.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ONE_READER }],
    },
  },
  {
    // What a person starts in a terminal talks to that terminal, and is no part of the engine.
    files: ['src/main.ts', 'src/app/{serve,run-until-stopped}.ts', 'src/{dev,demo,cli}/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ONE_READER }],
    },
  },
);
