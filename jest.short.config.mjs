import config from './jest.config.mjs';

/** `npm test`: all but the browser's stories and what waits for real time-outs. */
export default {
  ...config,
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, '<rootDir>/test/web/', '<rootDir>/test/long/'],
};
