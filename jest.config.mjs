import { swcOptions } from './test/support/swc-options.mjs';

/** @type {import('jest').Config} */
export default {
  rootDir: '.',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // `npm run test:faults`, `npm run test:upgrade` and `npm run test:packages` run these.
  testPathIgnorePatterns: ['<rootDir>/test/faults/', '<rootDir>/test/upgrade/', '<rootDir>/test/published/'],
  testEnvironment: '<rootDir>/test/support/leak-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // The packages of this repository are tested as sources: nothing has to be built first.
    '^@posthorn/([a-z]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@posthorn/([a-z]+)/([a-z-]+)$': '<rootDir>/packages/$1/src/$2.ts',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
};
