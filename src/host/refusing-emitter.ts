import { Injectable } from '@nestjs/common';
import { type EmittedEvent, WebhookEmitter } from '../events/webhook-emitter.js';

/** The emitter of a process that only delivers: it is there, so that services that have it start, and refuses. */
@Injectable()
export class RefusingEmitter extends WebhookEmitter {
  override emit(): Promise<EmittedEvent> {
    return Promise.reject(refusal());
  }

  override emitMany(): Promise<EmittedEvent[]> {
    return Promise.reject(refusal());
  }
}

function refusal(): Error {
  return new Error(
    'This process only delivers: PosthornModule has role "deliver". Give it role "all" to publish here, too.',
  );
}
