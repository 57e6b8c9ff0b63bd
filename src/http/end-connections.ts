import type { FastifyInstance } from 'fastify';

/** How long an idle connection may still send a request, which is then answered. */
const QUIET_MS = 100;

/**
 * Closes all connections with the server. Node waits for each of them, and an idle one stays open for a minute. So
 * while the server closes, answers carry `connection: close`, and after the last request in flight, or after
 * `graceMs`, whatever is still open is closed.
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
