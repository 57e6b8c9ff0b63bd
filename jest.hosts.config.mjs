import config from './jest.config.mjs';

/** Applications made from scratch with the packed package. Minutes; `HOSTS=plain-kysely,…` chooses some of them. */
export default {
  ...config,
  roots: ['<rootDir>/test/hosts'],
  testPathIgnorePatterns: ['<rootDir>/test/hosts/[^/]+/'],
  testEnvironment: 'node',
  testTimeout: 600_000,
  maxWorkers: 1,
};
