import config from './jest.config.mjs';

/** What needs no database and does not wait: rules, algorithms, the HTTP client, profiles. Seconds, for every save. */
export default {
  ...config,
  roots: [
    'lib',
    'bodies',
    'queue',
    'core',
    'cli',
    'outbound',
    'profiles',
    'dispatcher',
    'subscriptions',
    'config',
    'http',
    'dev',
    'system',
  ].map((room) => `<rootDir>/test/${room}`),
  // Time limits of the event loop, real time-outs, and one that loads the whole engine: `npm test` runs these.
  testPathIgnorePatterns: [
    'worst-case-inputs',
    'own-stall',
    'kept-connections',
    'sender',
    'mask',
    'openapi-limits',
  ].map((name) => `/${name}.test.ts$`),
  globalSetup: undefined,
  globalTeardown: undefined,
};
