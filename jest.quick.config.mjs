import config from './jest.config.mjs';

/** What needs no database: rules, algorithms, the HTTP client, profiles. Seconds, for every save. */
export default {
  ...config,
  roots: [
    '<rootDir>/test/core',
    '<rootDir>/test/dispatcher',
    '<rootDir>/test/profiles',
    '<rootDir>/test/dev',
  ],
  testPathIgnorePatterns: [],
  globalSetup: undefined,
  globalTeardown: undefined,
};
