import type { FastifyReply } from 'fastify';
import { parseExactly, stringifyExactly } from '../lib/exact-number.js';
import { memberTexts } from '../lib/json-scanner.js';

/** The body with its filter's numbers as they were written: parsed, they are what doubles keep of them. */
export function withExactFilter<T extends { filter?: object | null }>(body: T, text: string | undefined): T {
  if (!body.filter || text === undefined) return body;
  const written = memberTexts(text).get('filter');
  if (written !== undefined) body.filter = parseExactly(written) as object;
  return body;
}

/** The answer's numbers as they are stored. */
export function showExactly(reply: FastifyReply): void {
  // With a serializer of its own a reply is of no type that Fastify knows.
  reply.type('application/json; charset=utf-8').serializer(stringifyExactly);
}
