import config from './jest.config.mjs';

/** The packages as they are built: the code blocks of their READMEs run and compile. */
export default { ...config, roots: ['<rootDir>/test/published'], testPathIgnorePatterns: [], maxWorkers: 1 };
