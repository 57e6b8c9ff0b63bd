import { withLeakCheck } from './leak-environment.mjs';
import { differences, processState, restore } from './process-state.mjs';

/** Node itself, instead of a context of the file's own. */
class NodeEnvironment {
  global = globalThis;

  async setup() {
    // Jest translates positions with maps of its own transform; typescript-loader.mjs writes them for Node.
    process.setSourceMapsEnabled(true);
    Error.prepareStackTrace = undefined;
    // Node's fetch makes a global when it is first used, whichever file that is.
    await fetch('data:,');
  }

  async teardown() {}

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
}

/**
 * For test files that share a process and the modules they import (`shared-runtime.cjs`). A file that leaves the
 * process changed fails, and the next one gets it as it was. A file that starts with the comment
 * `@jest-environment ./test/support/leak-environment.mjs` has a context and modules of its own instead.
 */
export default class SharedEnvironment extends withLeakCheck(NodeEnvironment) {
  found = processState();

  async handleTestEvent(event, state) {
    await super.handleTestEvent(event, state);
    if (event.name === 'setup') this.beforeLoading = processState();
    if (event.name === 'run_start') this.loaded = processState();
    if (event.name !== 'run_finish') return;
    const loading = differences(this.beforeLoading, this.loaded);
    const running = differences(this.loaded, processState());
    // Packages make globals when they are loaded. Each copy of tslib sets its helpers, whenever that is.
    const changes = [...loading.changed, ...running.changed, ...running.added].filter(
      (name) => !name.startsWith('the global __'),
    );
    if (changes.length > 0)
      state.unhandledErrors.push(new Error(`Left changed by this file: ${changes.join('; ')}`));
  }

  async teardown() {
    await super.teardown();
    restore(this.found);
  }
}
