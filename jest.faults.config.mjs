import config from './jest.config.mjs';

/** The fault suite: real processes, killed and cut off. One file at a time, since each wants the machine to itself. */
export default {
  ...config,
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: [],
  // Processes that are killed take their time to go.
  testEnvironment: 'node',
  testTimeout: 240_000,
  maxWorkers: 1,
};
