import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BODY_LIMIT } from './json-body.js';

/** For how long a request that was answered early may go on sending, milliseconds: long enough to read the answer. */
const LINGER_MS = 1_000;
const CHECK_MS = 50;

export function endUnreadRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', ({ raw }, _reply, done) => {
    endUnread(raw);
    done();
  });
}

/**
 * Ends the connection of an answered request whose body goes on. Not at once: closing a connection with unread bytes
 * resets it, and the answer is lost. Until then what arrives is discarded, a body of the greatest length at most.
 */
export function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  const { socket } = request;
  const most = socket.bytesRead + BODY_LIMIT;
  const until = performance.now() + LINGER_MS;
  const check = setInterval(() => {
    const isOver = performance.now() >= until || socket.bytesRead > most;
    if (isOver && !request.complete) socket.destroy();
    if (isOver || request.complete || socket.destroyed) clearInterval(check);
  }, CHECK_MS).unref();
}
