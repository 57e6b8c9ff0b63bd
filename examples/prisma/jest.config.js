export default { testEnvironment: 'node', rootDir: 'dist', testRegex: '\\.spec\\.js$', transform: {} };
