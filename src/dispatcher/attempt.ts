import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { newUuid } from '../core/ids.js';
import type { ReadyDelivery } from './claim.js';
import { decide, type FinishedAttempt } from './decide.js';
import { render } from './render.js';
import { Sender } from './send.js';
import { sign } from './sign.js';

/** Makes one attempt: render → sign → send → decide. Never throws for anything a receiver does. */
@Injectable()
export class Attempts {
  constructor(
    private readonly clock: Clock,
    private readonly sender: Sender,
  ) {}

  make(ready: ReadyDelivery): Promise<FinishedAttempt> {
    const startedAt = this.clock.now();
    const body = render(ready, startedAt);
    const headers = sign(ready, body, startedAt);
    const { url, timeoutMs } = ready.endpoint;
    const { spaceId } = ready.delivery;
    const sent = this.sender.send({ spaceId, url, headers: headers.sent, body, timeoutMs });
    return sent.then((outcome) =>
      decide(ready, headers, outcome, { id: newUuid(startedAt), startedAt, endedAt: this.clock.now() }),
    );
  }

  /** Breaks off what is under way: it ends as `interrupted`. */
  breakOff(): void {
    this.sender.close();
  }
}
