import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

/** How long what a file opened may take to close after its last hook, milliseconds. */
const GRACE_MS = 5_000;

/** Handles that keep a process alive: sockets, servers, child processes. */
const handles = () => process._getActiveHandles();

/**
 * Fails a file whose tests leave a connection, a server, a process or a timer behind: it would keep Jest from exiting.
 */
export const withLeakCheck = (Environment) =>
  class extends Environment {
    async setup() {
      await super.setup();
      this.before = new Set(handles());
      this.timersBefore = timers();
    }

    async handleTestEvent(event, state) {
      if (event.name !== 'run_finish') return;
      const leaked = await this.leaked();
      if (leaked.length === 0) return;
      state.unhandledErrors.push(new Error(`Left open by this file: ${leaked.join('; ')}`));
      this.opened().forEach(end);
    }

    async leaked() {
      const deadline = performance.now() + GRACE_MS;
      for (;;) {
        const left = this.left();
        if (left.length === 0 || performance.now() > deadline) return left;
        await delay(20);
      }
    }

    left() {
      const timersLeft = timers() - this.timersBefore;
      return [...this.opened().map(describe), ...(timersLeft > 0 ? [`${timersLeft} timers`] : [])];
    }

    opened() {
      return handles().filter((handle) => !this.before.has(handle) && !isOver(handle));
    }
  };

export default withLeakCheck(TestEnvironment);

/** So that one failed file keeps neither Jest nor the next files waiting. */
function end(handle) {
  if (handle.spawnfile !== undefined) handle.kill('SIGKILL');
  else if (handle instanceof Socket) handle.destroy();
  else handle.close?.();
}

/** A socket without a peer is one that is closing, or the end of a pipe: what it belongs to is listed itself. */
function isOver(handle) {
  return handle instanceof Socket && handle.remotePort === undefined;
}

/** Jest's own process has timers of its own; a worker has none. */
function timers() {
  if (process.send === undefined) return 0;
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

function describe(handle) {
  const { remoteAddress, remotePort, localPort, spawnfile, spawnargs } = handle;
  if (spawnfile !== undefined) return `the process ${spawnargs.join(' ')}`;
  if (remotePort !== undefined)
    return `a connection from port ${localPort} to ${remoteAddress}:${remotePort}`;
  return handle.listening ? `a server at ${JSON.stringify(handle.address())}` : handle.constructor.name;
}
