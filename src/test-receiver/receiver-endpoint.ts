import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RECEIVER_PATH } from '../config/own-receiver.js';
import { NotFound, Throttled } from '../core/errors.js';
import { FixedWindow } from '../lib/fixed-window.js';
import { ProblemFilter } from '../http/problem.filter.js';
import type { SentSecretsService } from './sent-secrets.service.js';
import type { TestReceiverEntity } from './test-receiver.entity.js';
import type { TestReceiversService } from './test-receivers.service.js';

/** What is kept of a body. */
const KEPT_BYTES = 64 * 1024;
/** An event's data may have 256 KiB; its envelope comes on top. */
const BODY_LIMIT = 512 * 1024;
/** Requests one receiver takes in a second, and all receivers of a process together. */
const PER_SECOND = 50;
const ALL_PER_SECOND = 200;
const SECOND_MS = 1_000;
/** Answers that wait at a time, in one process. */
const MAX_WAITING = 200;

type Incoming = FastifyRequest<{ Params: { receiver: string }; Body: Buffer | undefined }>;

/**
 * The receivers' own end: it keeps what comes and answers as it is set. Bounded in rate, size and time, for it needs no
 * key.
 */
export class ReceiverEndpoint {
  private readonly problems = new ProblemFilter();
  private readonly waiting = new Set<() => void>();
  private readonly all = new FixedWindow({ limit: ALL_PER_SECOND, windowMs: SECOND_MS, maxKeys: 1 });
  private readonly each = new FixedWindow({
    limit: PER_SECOND,
    windowMs: SECOND_MS,
    maxKeys: 2 * ALL_PER_SECOND,
  });

  constructor(
    private readonly receivers: TestReceiversService,
    private readonly secrets: SentSecretsService,
  ) {}

  /** In a scope of its own: here alone a body may be anything. */
  listen(fastify: FastifyInstance): void {
    // Not awaited: that would start Fastify before Nest has given it its routes and its way with errors.
    void fastify.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        '*',
        { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
        (_request, body, parsed) => parsed(null, body),
      );
      scope.setErrorHandler((error, request, reply) => this.problems.answer(error, request, reply));
      scope.addHook('preClose', (closed) => {
        for (const end of this.waiting) end();
        closed();
      });
      scope.route({
        method: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'],
        url: `${RECEIVER_PATH}:receiver`,
        handler: (request: Incoming, reply) => this.receive(request, reply),
      });
      done();
    });
  }

  private async receive(request: Incoming, reply: FastifyReply): Promise<FastifyReply> {
    const ref = request.params.receiver;
    this.admit(ref);
    const receiver = await this.receivers.lookUp(ref);
    if (!receiver) throw new NotFound('test receiver');
    const mask = await this.secrets.of(receiver);
    const whole = request.body ?? Buffer.alloc(0);
    const truncated = whole.length > KEPT_BYTES;
    const body = whole.subarray(0, KEPT_BYTES);
    await this.receivers.record(receiver.id, {
      method: request.method,
      path: request.originalUrl,
      headers: pairs(request.raw.rawHeaders).map(([name = '', value = '']) => [
        name,
        mask === null ? value : mask.text(value),
      ]),
      body: mask === null ? body : mask.bytes(body, truncated),
      truncated,
    });
    await this.wait(receiver, request);
    if (receiver.retryAfterSeconds !== null) reply.header('retry-after', String(receiver.retryAfterSeconds));
    const bodiless = receiver.status === 204 || receiver.status === 304;
    return reply
      .status(receiver.status)
      .type('text/plain; charset=utf-8')
      .send(bodiless ? undefined : 'received\n');
  }

  /** Before anything else is done for a request. Throws Throttled. */
  private admit(ref: string): void {
    const now = performance.now();
    const allowed = this.all.consume('', now).allowed && this.each.consume(ref, now).allowed;
    if (!allowed || this.waiting.size >= MAX_WAITING)
      throw new Throttled('A test receiver takes only a few requests at a time. Try again in a second.', 1);
  }

  /** Until the time is over, the sender has gone, or the process stops. */
  private wait({ delayMs: ms }: TestReceiverEntity, request: FastifyRequest): Promise<void> {
    // Its sender may have gone before this can notice it.
    if (ms === 0 || request.raw.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        request.raw.socket.off('close', end);
        this.waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      request.raw.socket.once('close', end);
      this.waiting.add(end);
    });
  }
}

function pairs(raw: string[]): string[][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => raw.slice(index * 2, index * 2 + 2));
}
