import { isUtf8 } from 'node:buffer';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BadRequest, Invalid, type Issue, PosthornError } from '../core/errors.js';
import { duplicateKeys, jsonShapeOf, type JsonShape } from '../lib/json-scanner.js';
import { BodyBudget } from './body-budget.js';
import { LargeBodySemaphore } from './large-body-semaphore.js';

export const BODY_LIMIT = 5 * 1024 * 1024;
/** Bodies from this length on wait for a permit, bytes. */
const LARGE_BODY = 16 * 1024;
/** The cost of JSON.parse depends on these more than on the length: 4.4 MB of short keys take 0.3 s. */
const LIMITS: JsonShape = { depth: 64, keys: 100_000, widest: 5_000, parts: 300_000 };
const MAX_ISSUES = 20;

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body's text exactly as it was sent; undefined when there was no body. */
    rawJson: string | undefined;
    /** Whether its answer is on its way. */
    isAnswered: boolean;
  }
}

/**
 * Accepts JSON bodies only, parsed strictly, and keeps the text on `request.rawJson`. Only so many bytes are accepted
 * at a time, and large bodies wait for a permit.
 */
export function readJsonBodies(fastify: FastifyInstance, budget = new BodyBudget()): void {
  fastify.decorateRequest('rawJson', undefined);
  fastify.decorateRequest('isAnswered', false);
  fastify.addHook('onSend', (request, _reply, _payload, done) => {
    request.isAnswered = true;
    done();
  });
  fastify.removeAllContentTypeParsers();
  budget.guard(fastify, LARGE_BODY, BODY_LIMIT);
  const semaphore = new LargeBodySemaphore(fastify);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const read = () => {
      // It was refused while it was read: nothing follows that would release its permit.
      if (request.isAnswered) {
        request.releasePermit?.();
        done(null, undefined);
        return;
      }
      try {
        done(null, readBody(request, body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    };
    if (body.length < LARGE_BODY) return read();
    semaphore.acquire(request, read);
  });
}

function readBody(request: FastifyRequest, body: Buffer): unknown {
  // Many clients send a content type without a body: then there is no body.
  if (body.length === 0) return undefined;
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeException();
  if (!isUtf8(body))
    throw new BadRequest('malformed_json', 'The body is not valid UTF-8. Send JSON as UTF-8.');
  const text = withoutByteOrderMark(body.toString());
  if (text === '') return undefined;
  const value = parseStrictly(text);
  request.rawJson = text;
  return value;
}

/** RFC 8259, section 8.1, allows readers to ignore a byte order mark, which some writers add. */
function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/**
 * Parses JSON from outside. Throws `BadRequest` for text that is not JSON or would set a prototype, and `Invalid` for
 * too many levels, keys or values and for repeated keys, of which another reader may take another value.
 */
export function parseStrictly(text: string): unknown {
  // Before parsing: JSON.parse takes two seconds for 5 MB of brackets, this check milliseconds.
  const shape = jsonShapeOf(text, LIMITS);
  const excess = excessOf(shape);
  if (excess) throw new Invalid([{ path: 'body', ...excess }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadRequest('malformed_json', `The body is not valid JSON${placeOf(error)}. Check its syntax.`);
  }
  // A parsed object has each key once: fewer than in the text means that some are repeated.
  if (countKeys(value) < shape.keys) throw duplicateKeyError(duplicateKeys(text, MAX_ISSUES));
  return value;
}

/** The place of the error, when V8 names it. Its message is not used, as it quotes the payload. */
function placeOf(error: unknown): string {
  const place = /at position \d+/.exec(String(error));
  return place ? ` (${place[0]})` : '';
}

/** Throws for what a body may not contain. Returns its number of keys, on all levels together. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (key === '__proto__' || (key === 'constructor' && holdsPrototype(item))) throw forbiddenKey(key);
    keys += 1 + countKeys(item);
  }
  return keys;
}

function holdsPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

function forbiddenKey(key: string): PosthornError {
  return new BadRequest('forbidden_key', `The body may not have the key "${key}". Rename it.`);
}

function excessOf({ depth, keys, widest, parts }: JsonShape): Omit<Issue, 'path'> | null {
  if (depth > LIMITS.depth)
    return { code: 'too_deep', message: `JSON may be nested ${LIMITS.depth} levels deep. Flatten it.` };
  if (widest > LIMITS.widest) {
    const message = `An object may have ${LIMITS.widest} keys. Make it an array, or several objects.`;
    return { code: 'too_many_keys', message };
  }
  if (keys > LIMITS.keys) {
    const message = `The objects of a request may have ${LIMITS.keys} keys together. Send less at a time.`;
    return { code: 'too_many_keys', message };
  }
  if (parts <= LIMITS.parts) return null;
  const message = `A request may have ${LIMITS.parts} commas, objects and arrays together. Send less at a time.`;
  return { code: 'too_many_values', message };
}

function duplicateKeyError(paths: string[]): PosthornError {
  return new Invalid(
    paths.map((path) => ({ path, code: 'duplicate_key', message: 'Is sent more than once. Send it once.' })),
  );
}
