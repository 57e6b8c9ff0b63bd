import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Shorter answers fit a packet or two as they are. */
const MIN_CHARS = 1_400;
/** More than this at a time go out as they are: deliveries need the threads, too. */
const MOST_AT_ONCE = 4;
/** JSON of this quality is as small as by gzip's best, in a third of the time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 4 };

const COMPRESSIBLE = /^(?:text\/|application\/(?:json|problem\+json|openapi\+json|yaml))/;
/** Answers with secrets stay as they are: their length would tell something of them (BREACH). */
const SECRET = /\/(?:secret|keys|portal-links)(?:[/?]|$)/;

type Done = (error: Error | null, payload?: unknown) => void;

/** Sends what is read with GET compressed, to those who accept it. Streams and other methods are left alone. */
export function compressAnswers(fastify: FastifyInstance): void {
  let underWay = 0;
  fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => {
    if (!isCompressible(request, reply, payload)) return done(null, payload);
    reply.header('vary', 'accept-encoding');
    const encoding = encodingFor(request.headers['accept-encoding']);
    if (encoding === null || underWay >= MOST_AT_ONCE) return done(null, payload);
    underWay += 1;
    const finish = (error: Error | null, bytes: Buffer) => {
      underWay -= 1;
      if (!error) reply.header('content-encoding', encoding).header('content-length', bytes.length);
      done(null, error ? payload : bytes);
    };
    if (encoding === 'br') brotliCompress(payload, BROTLI, finish);
    else gzip(payload, GZIP, finish);
  });
}

function isCompressible(request: FastifyRequest, reply: FastifyReply, payload: unknown): payload is string {
  if (request.method !== 'GET' || typeof payload !== 'string' || payload.length < MIN_CHARS) return false;
  if (reply.hasHeader('content-encoding') || SECRET.test(request.url)) return false;
  return COMPRESSIBLE.test(String(reply.getHeader('content-type')));
}

/** The best encoding that an `Accept-Encoding` header names; null: none. */
export function encodingFor(accepted: string | undefined): 'br' | 'gzip' | null {
  const names = (accepted ?? '')
    .split(',', 20)
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim().toLowerCase());
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : null;
}
