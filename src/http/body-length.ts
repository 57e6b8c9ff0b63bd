import type { FastifyRequest } from 'fastify';

/**
 * The length of the body by the request's head, bytes: 0 without a header about it, undefined when it has no length.
 */
export function bodyLength({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}
