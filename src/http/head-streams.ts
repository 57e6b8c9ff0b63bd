import { Readable } from 'node:stream';
import type { FastifyInstance, onSendHookHandler } from 'fastify';

/**
 * An answer to HEAD has no body. Fastify reads a stream to its end all the same, which for an export is all that a
 * space has, also when the client has gone: such a stream is ended instead. Call it before there are routes.
 */
export function endStreamsOfHead(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'HEAD') route.onSend = [endStream, ...[route.onSend ?? []].flat()];
  });
}

const endStream: onSendHookHandler = (_request, _reply, payload, done) => {
  if (payload instanceof Readable) payload.destroy();
  done(null, payload);
};
