import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, tells so, and accepts nobody, for its thread never wakes. */
const DEAF = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage('listening');
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});
`;

/** An address and port where connections are neither taken nor refused: the queue of those to be accepted is full. */
export async function startSilentAddress(host: string, port: number): Promise<{ close(): Promise<void> }> {
  const worker = new Worker(DEAF, { eval: true, workerData: { host, port } });
  await once(worker, 'message');
  const waiting: Socket[] = [];
  // Until one of them is left without an answer.
  for (let isFull = false; !isFull;) {
    const socket = connect({ host, port });
    socket.on('error', () => undefined);
    waiting.push(socket);
    isFull = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), 300);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
    if (waiting.length > 16) throw new Error(`${host}:${port} takes every connection.`);
  }
  return {
    async close() {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}
