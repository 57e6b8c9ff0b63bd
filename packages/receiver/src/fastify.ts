import type { EventHandler, Receiver } from './receiver.js';
import type { HeadersLike } from './proof.js';

/** What a subscription may be sent with. */
const METHODS = ['POST', 'PUT', 'PATCH'];

/** What is used of a Fastify instance. Its own types differ between versions. */
interface FastifyLike {
  removeAllContentTypeParsers: () => unknown;
  addContentTypeParser: (
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: never, body: never, done: (error: Error | null, body?: unknown) => void) => void,
  ) => unknown;
  route: (route: {
    method: string[];
    url: string;
    handler: (request: { headers: HeadersLike; body: unknown }, reply: FastifyReplyLike) => Promise<unknown>;
  }) => unknown;
}

interface FastifyReplyLike {
  code: (status: number) => { send: (text?: string) => unknown };
}

/**
 * For Fastify 4 and 5: `app.register(fastifyPlugin(receiver, '/webhooks', process))`. The route keeps the bytes; the
 * other routes of the application parse their bodies as before.
 */
export function fastifyPlugin(
  receiver: Receiver,
  path: string,
  process: EventHandler,
): (instance: object) => Promise<void> {
  return (instance) => {
    const app = instance as FastifyLike;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: receiver.maxBytes },
      (_request, body, done) => done(null, body),
    );
    app.route({
      method: METHODS,
      url: path,
      handler: async ({ headers, body }, reply) => {
        const bytes = () => Promise.resolve((body as Uint8Array | undefined) ?? '');
        const { status, text } = await receiver.receive({ headers, body: bytes }, process);
        return reply.code(status).send(text === '' ? undefined : text);
      },
    });
    return Promise.resolve();
  };
}
