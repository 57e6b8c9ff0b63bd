// What Jest runs a test file with when the file's environment is `shared-environment.mjs`: Node's own module loader.
// All files of a worker share the modules they import, which are loaded once. Other environments get Jest's runtime.
const { default: IsolatedRuntime } = require('jest-runtime');
const { pathToFileURL } = require('node:url');

/** How many files were run: modules in `test` are loaded for each of them (`typescript-loader.mjs`). */
let files = 0;

/** The parts of Jest's runtime that jest-runner and jest-circus call. */
class SharedRuntime {
  /** Jest keeps a file's tests and hooks in this module and a global: each file gets new ones. */
  requireInternalModule(path) {
    delete require.cache[path];
    for (const key of Object.getOwnPropertySymbols(globalThis))
      if (['EVENT_HANDLERS', 'JEST_STATE_SYMBOL'].includes(key.description)) delete globalThis[key];
    module.children.length = 0;
    return require(path);
  }

  requireModule(path) {
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    await import('./typescript.mjs');
    files += 1;
    await import(`${pathToFileURL(path).href}?file=${files}`);
  }

  getSourceMaps() {
    return null;
  }

  getAllCoverageInfoCopy() {
    return null;
  }

  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
}

module.exports = class Runtime {
  static createHasteMap = IsolatedRuntime.createHasteMap;

  constructor(config, environment, ...more) {
    const isShared = environment.global === globalThis;
    return isShared ? new SharedRuntime() : new IsolatedRuntime(config, environment, ...more);
  }
};
