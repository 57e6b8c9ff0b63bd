import config from './jest.config.mjs';

/** The release before and this one side by side on a large database. Minutes, and not in CI. */
export default {
  ...config,
  roots: ['<rootDir>/test/upgrade'],
  testPathIgnorePatterns: [],
  // Processes that are killed take their time to go.
  testEnvironment: 'node',
  testTimeout: 900_000,
  maxWorkers: 1,
};
