import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Throttled, type PosthornError } from '../core/errors.js';
import { bodyLength } from './body-length.js';
import { senderOf } from './turns.js';

/** Bytes of large bodies that one space, and all together, may have under way in a process: read, waiting or being stored. */
const OF_ONE = 32 * 1024 * 1024;
const OF_ALL = 96 * 1024 * 1024;

/** Bounds what bodies under way take of the memory, whoever sends them. A request gives its part back when it is answered. */
export class BodyBudget {
  private total = 0;
  private readonly bySender = new Map<string, number>();

  constructor(private readonly limits = { one: OF_ONE, all: OF_ALL }) {}

  /** Refuses what does not fit, before it is read. What is longer than `limit` others refuse. */
  guard(fastify: FastifyInstance, largeFrom: number, limit: number): void {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      const length = bodyLength(request);
      if (length < largeFrom || (length > limit && length < Infinity)) return done();
      const sender = senderOf(request);
      let taken = 0;
      const take = (bytes: number): PosthornError | null => {
        const refusal = this.take(sender, bytes);
        if (!refusal) taken += bytes;
        return refusal;
      };
      reply.raw.once('close', () => this.giveBack(sender, taken));
      if (length === Infinity) {
        payload.on('data', (chunk: Buffer) => refuseLate(reply, take(chunk.length)));
        return done();
      }
      done(take(length));
    });
  }

  private take(sender: string, bytes: number): PosthornError | null {
    const mine = (this.bySender.get(sender) ?? 0) + bytes;
    if (mine > this.limits.one)
      return new Throttled('This space has too many large requests under way. Wait for their answers.', 1);
    if (this.total + bytes > this.limits.all)
      return new Throttled('Too many large requests are under way. Repeat this one in a second.', 1);
    this.bySender.set(sender, mine);
    this.total += bytes;
    return null;
  }

  private giveBack(sender: string, bytes: number): void {
    const left = (this.bySender.get(sender) ?? 0) - bytes;
    if (left > 0) this.bySender.set(sender, left);
    else this.bySender.delete(sender);
    this.total -= bytes;
  }
}

/** A body that does not say how long it is shows only while it is read that it is too much. */
function refuseLate(reply: FastifyReply, refusal: PosthornError | null): void {
  if (refusal && !reply.sent) void reply.send(refusal);
}

/** How long a request that was answered early may go on sending what nobody reads. */
const LINGER_MS = 5_000;

/**
 * Ends the connection of who goes on sending after the answer. Not at once: a connection that is closed with bytes unread is
 * reset, and the answer lost. What comes until then is thrown away unread.
 */
export function endUnreadRequests(fastify: FastifyInstance, lingerMs = LINGER_MS): void {
  fastify.addHook('onResponse', (request: FastifyRequest, _reply, done) => {
    const { raw } = request;
    if (!raw.complete) setTimeout(() => raw.complete || raw.socket.destroy(), lingerMs).unref();
    done();
  });
}
