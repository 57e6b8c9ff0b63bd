import type { FastifyInstance } from 'fastify';

/** How long a connection without a request may still bring one, which is then answered instead of cut off. */
const QUIET_MS = 100;

/**
 * Lets a close end. Node waits for every connection, and one that a client keeps alive, or opened and never used,
 * stays for a minute: so while the server closes, answers carry `connection: close`, and when the last request in
 * flight is answered, or after `graceMs`, whatever is still open is cut.
 */
export function endConnectionsOnClose(fastify: FastifyInstance, graceMs: number): void {
  const { server } = fastify;
  let inFlight = 0;
  let closing = false;
  const cutWhenQuiet = () => {
    if (closing && inFlight === 0) server.closeAllConnections();
  };
  server.on('request', (_request, response) => {
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (closing) setTimeout(cutWhenQuiet, QUIET_MS);
    });
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  fastify.addHook('preClose', (done) => {
    closing = true;
    const patience = setTimeout(() => server.closeAllConnections(), graceMs);
    server.once('close', () => clearTimeout(patience));
    setTimeout(cutWhenQuiet, QUIET_MS);
    done();
  });
}
