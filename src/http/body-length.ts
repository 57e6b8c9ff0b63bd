import type { FastifyRequest } from 'fastify';

/** How many bytes of body a request's head announces: none without a header about it, any number where it does not say. */
export function bodyLength({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}
