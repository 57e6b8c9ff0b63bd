import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FairSemaphore } from '../lib/fair-semaphore.js';

/** Large requests under way at once: one is parsed while the database writes the other. */
const PERMITS = 2;
/** A permit is held no longer than this, milliseconds, whatever its request waits for. */
const MAX_HOLD_MS = 1_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Releases this request's permit; undefined when it has none. */
    releasePermit: (() => void) | undefined;
  }
}

/**
 * Bounds how many requests with large bodies are worked on at a time, from parsing to the answer, so that a flood of
 * them does not fill the event loop. Spaces take turns. How many bytes wait, `body-budget.ts` bounds.
 */
export class LargeBodySemaphore {
  private readonly semaphore = new FairSemaphore(PERMITS);

  constructor(fastify: FastifyInstance) {
    fastify.decorateRequest('releasePermit', undefined);
    fastify.addHook('onSend', (request, _reply, _payload, done) => {
      request.releasePermit?.();
      done();
    });
  }

  /** Calls `begin` when the request has a permit. It is released with the answer, or after `MAX_HOLD_MS`. */
  acquire(request: FastifyRequest, begin: () => void): void {
    this.semaphore.acquire(tenantOf(request), (release) => {
      request.releasePermit = withTimeLimit(release);
      begin();
    });
  }
}

/** Who a request counts for: its space, or the operator. */
export function tenantOf({ space }: FastifyRequest & { space?: { id: string } | undefined }): string {
  return space?.id ?? '';
}

/** Also calls `release` after `MAX_HOLD_MS`. A function of its own keeps the request's body out of the closure. */
function withTimeLimit(release: () => void): () => void {
  const timer = setTimeout(release, MAX_HOLD_MS);
  return () => {
    clearTimeout(timer);
    release();
  };
}
