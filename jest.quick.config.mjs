import config, { shared } from './jest.config.mjs';

/** What needs no database and does not wait: rules, algorithms, the HTTP client, profiles. Seconds, for every save. */
export default {
  ...config,
  ...shared,
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
  // Time limits of the event loop, real time-outs, Redis servers, and one that loads the whole engine: `npm test` runs
  // these.
  testPathIgnorePatterns: [
    'worst-case-inputs',
    'own-stall',
    'kept-connections',
    'sender',
    'mask',
    'happy-eyeballs',
    'oauth2-tokens',
    'lasting-redis',
    'redis-check',
    'openapi-limits',
    'export-file',
    'tail',
  ].map((name) => `/${name}.test.ts$`),
  globalSetup: undefined,
  globalTeardown: undefined,
};
