import config from './jest.config.mjs';

/** What needs no database: rules, algorithms, the HTTP client, profiles. Seconds, for every save. */
export default {
  ...config,
  roots: ['lib', 'core', 'outbound', 'profiles', 'dispatcher', 'subscriptions', 'config', 'http', 'dev'].map(
    (room) => `<rootDir>/test/${room}`,
  ),
  testPathIgnorePatterns: [],
  globalSetup: undefined,
  globalTeardown: undefined,
};
