import config, { shared } from './jest.config.mjs';

/** `npm test`: all but the browser's stories and `test/long`: what starts processes or takes long. */
export default {
  ...config,
  ...shared,
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, '<rootDir>/test/web/', '<rootDir>/test/long/'],
};
