import { swcOptions } from './test/support/swc-options.mjs';

/** @type {import('jest').Config} */
export default {
  rootDir: '.',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // `npm run test:faults`, `npm run test:upgrade`, `npm run test:packages` and `npm run test:hosts` run these.
  testPathIgnorePatterns: ['faults', 'upgrade', 'published', 'hosts'].map(
    (name) => `<rootDir>/test/${name}/`,
  ),
  modulePathIgnorePatterns: ['<rootDir>/test/hosts/[^/]+/'],
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
  // Modules of earlier files stay in a worker, up to 4 GB, and are collected again and again: begin anew before that.
  workerIdleMemoryLimit: '1GB',
};

/**
 * Files of a worker share the modules they import, which are loaded once (ADR 46). What is loaded stays as it is, so a
 * run that watches for changes gets Jest's own runtime, as does one that measures coverage.
 */
export const shared = process.argv.some((argument) => /^--(watch|coverage)/.test(argument))
  ? {}
  : {
      testEnvironment: '<rootDir>/test/support/shared-environment.mjs',
      runtime: '<rootDir>/test/support/shared-runtime.cjs',
      // Two wait half of the time.
      maxWorkers: 3,
    };
