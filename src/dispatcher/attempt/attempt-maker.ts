import { Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { newUuid } from '../../core/ids.js';
import { isOwnStall } from '../../core/own-stall.js';
import { Tracing } from '../../telemetry/tracing.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';
import { BodyMaker } from './body-maker.js';
import type { ReadyDelivery } from '../lease/lease.js';
import { finishAttempt, type FinishedAttempt } from './finish-attempt.js';
import { decompress, isCompressed } from '../../outbound/decompress.js';
import { endAttempt, startAttempt, traceHeaders } from './attempt-trace.js';
import { EndpointSender } from './endpoint-sender.js';
import { sign } from './sign.js';
import { NO_HEADERS, unrendered } from './unrendered.js';
import { Lru } from '../../lib/lru.js';

/** Deliveries remembered because an attempt of theirs was excused by a stall of this process. */
const REMEMBERED = 10_000;

/**
 * Makes one attempt: render → sign → send → finish. In: a leased delivery. Out: a `FinishedAttempt` with its verdict,
 * which `AttemptRunner` has settled. Never throws for anything that a receiver does.
 */
@Injectable()
export class AttemptMaker {
  private readonly excused = new Lru<true>(REMEMBERED);

  constructor(
    private readonly clock: Clock,
    private readonly sender: EndpointSender,
    private readonly metrics: ProcessMetrics,
    private readonly tracing: Tracing,
    private readonly bodies: BodyMaker,
  ) {}

  make(ready: ReadyDelivery): Promise<FinishedAttempt> {
    const startedAt = this.clock.now();
    const body = this.bodies.atOnce(ready, startedAt);
    return body ? this.send(ready, startedAt, body) : this.makeSlowly(ready, startedAt);
  }

  private async makeSlowly(ready: ReadyDelivery, startedAt: number): Promise<FinishedAttempt> {
    const rendered = await this.bodies.make(ready, startedAt);
    if ('body' in rendered) return this.send(rendered.ready, startedAt, rendered.body);
    const times = { id: newUuid(startedAt), startedAt, endedAt: this.clock.now() };
    return finishAttempt(ready, NO_HEADERS, unrendered(ready.endpoint.url, rendered), times);
  }

  private send(ready: ReadyDelivery, startedAt: number, body: Buffer): Promise<FinishedAttempt> {
    const trace = this.tracing.isOn ? startAttempt(this.tracing, ready, startedAt) : null;
    const headers = sign(ready, body, startedAt, traceHeaders(ready, trace));
    const { url, timeoutMs, clientCertificate, oauth2 } = ready.endpoint;
    const { spaceId } = ready.delivery;
    const method = ready.endpoint.format?.method ?? 'POST';
    const request = { spaceId, url, method, headers: headers.sent, body, timeoutMs, clientCertificate };
    const sent = this.sender.send(oauth2, request, headers);
    const finish = (outcome: AttemptOutcome): FinishedAttempt => {
      const finished = finishAttempt(ready, headers, this.withoutOwnStall(ready, outcome), {
        id: newUuid(startedAt),
        startedAt,
        endedAt: this.clock.now(),
      });
      if (!trace) return finished;
      endAttempt(trace, finished);
      return { ...finished, trace };
    };
    return sent.then((outcome) =>
      isCompressed(outcome) ? decompress(outcome).then(finish) : finish(outcome),
    );
  }

  /** An attempt that may have failed because this process stalled is repeated, but only once for each delivery. */
  private withoutOwnStall(ready: ReadyDelivery, outcome: AttemptOutcome): AttemptOutcome {
    const { id } = ready.delivery;
    if (
      outcome.statusCode !== null ||
      !isOwnStall(outcome.errorCode, outcome.stalledMs, ready.endpoint.timeoutMs)
    )
      return outcome;
    if (this.excused.get(id)) return outcome;
    this.excused.set(id, true);
    this.metrics.counters.attemptsExcused.inc({ reason: 'stall' });
    const seconds = (outcome.stalledMs / 1_000).toFixed(1);
    const errorDetail =
      `Posthorn itself was stalled for ${seconds} s during this attempt, so the endpoint may not be at ` +
      'fault.';
    return { ...outcome, errorCode: 'interrupted', errorDetail };
  }

  /** Aborts the attempts in flight; they end as `interrupted`. */
  abort(): void {
    this.sender.close();
  }
}
