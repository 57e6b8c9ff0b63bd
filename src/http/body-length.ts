import type { FastifyRequest } from 'fastify';

/** The length of the body by the request's head, bytes. 0: there is no body. Infinity: it comes in chunks. */
export function bodyLength({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}
