import type { FastifyInstance, FastifyReply } from 'fastify';
import { Throttled, type PosthornError } from '../core/errors.js';
import { bodyLength } from './body-length.js';
import { tenantOf } from './large-body-semaphore.js';

/**
 * Bytes of large bodies under way in a process (read, waiting or being stored): of one space, and of all together.
 */
const MAX_PER_TENANT = 32 * 1024 * 1024;
const MAX_TOTAL = 96 * 1024 * 1024;

/** Bounds the memory of large bodies under way. A request's share is released with its answer. */
export class BodyBudget {
  private total = 0;
  private readonly byTenant = new Map<string, number>();

  constructor(private readonly limits = { one: MAX_PER_TENANT, all: MAX_TOTAL }) {}

  /** Refuses a body that does not fit before it is read. Others refuse bodies longer than `limit`. */
  guard(fastify: FastifyInstance, largeFrom: number, limit: number): void {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      const length = bodyLength(request);
      if (length < largeFrom || (length > limit && length < Infinity)) return done();
      // Its caller has hung up: nothing would release a share any more, and no more of the body comes.
      if (reply.raw.destroyed) return done();
      const tenant = tenantOf(request);
      let reserved = 0;
      const reserve = (bytes: number): PosthornError | null => {
        const error = this.reserve(tenant, bytes);
        if (!error) reserved += bytes;
        return error;
      };
      reply.raw.once('close', () => this.release(tenant, reserved));
      if (length === Infinity) {
        const count = (chunk: Buffer) => sendErrorLate(reply, reserve(chunk.length));
        payload.on('data', count);
        // What still comes is discarded, and nothing would release its share any more.
        reply.raw.once('close', () => payload.off('data', count));
        return done();
      }
      done(reserve(length));
    });
  }

  private reserve(tenant: string, bytes: number): PosthornError | null {
    const mine = (this.byTenant.get(tenant) ?? 0) + bytes;
    if (mine > this.limits.one)
      return new Throttled(
        'This space has too many large requests in progress. Wait for their responses.',
        1,
      );
    if (this.total + bytes > this.limits.all)
      return new Throttled('Too many large requests are in progress. Repeat this one in a second.', 1);
    this.byTenant.set(tenant, mine);
    this.total += bytes;
    return null;
  }

  private release(tenant: string, bytes: number): void {
    const left = (this.byTenant.get(tenant) ?? 0) - bytes;
    if (left > 0) this.byTenant.set(tenant, left);
    else this.byTenant.delete(tenant);
    this.total -= bytes;
  }
}

/** A body without a length is counted while it is read. */
function sendErrorLate(reply: FastifyReply, error: PosthornError | null): void {
  if (error && !reply.sent) void reply.send(error);
}
