import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** Bodies that the application read before the request came here. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

/** What the application's body parser leaves on a request. */
export interface ParsedRequest {
  body?: unknown;
  /** The bytes themselves, where the application keeps them (`rawBody: true`). */
  rawBody?: unknown;
}

/** Keeps what the application has read of a body, as JSON again. A body that it has not read stays where it is. */
export function keepBody(raw: IncomingMessage, { body, rawBody }: ParsedRequest): void {
  const hasBody =
    raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
  if (!hasBody || !Readable.isDisturbed(raw)) return;
  const bytes = Buffer.isBuffer(rawBody) ? rawBody : bytesOf(body);
  bodies.set(raw, bytes);
  // They describe what came over the wire.
  delete raw.headers['transfer-encoding'];
  delete raw.headers['content-encoding'];
  raw.headers['content-length'] = String(bytes.length);
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Gives such bodies to the API's own parser. */
export function readGivenBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const bytes = bodies.get(request.raw);
    done(null, bytes ? Readable.from([bytes]) : payload);
  });
}
