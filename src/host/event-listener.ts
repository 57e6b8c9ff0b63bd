import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import { compilePatterns } from '../core/event-pattern.js';
import type { TypedEvent } from '../events/event-map.js';
import { WebhookEmitter } from '../events/webhook-emitter.js';
import { asPattern, type PosthornListenOptions } from './listen-options.js';

export const LISTEN_OPTIONS = Symbol('options of listen');

type Listener = (name: unknown, ...values: unknown[]) => Promise<void>;

/** As much of `EventEmitter2` as is needed. */
interface Emitter {
  onAny(listener: Listener): unknown;
  offAny(listener: Listener): unknown;
}

/**
 * Publishes what the application emits. A failure is logged and goes no further: the application's code that emits
 * knows nothing of webhooks. So it is no transaction, and what must not be lost is given to `WebhookEmitter` in one.
 */
@Injectable()
export class EventListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('publish');
  private readonly matches: (name: string) => boolean;
  private readonly underWay = new Set<Promise<void>>();
  private source: Emitter | undefined;

  constructor(
    private readonly providers: ModuleRef,
    private readonly emitter: WebhookEmitter,
    @Inject(LISTEN_OPTIONS) private readonly options: PosthornListenOptions,
  ) {
    this.matches = compilePatterns(options.patterns.map(asPattern));
  }

  onApplicationBootstrap(): void {
    this.source = this.find();
    this.source.onAny(this.hear);
  }

  /** Takes nothing more, and waits for what it has taken. */
  async beforeApplicationShutdown(): Promise<void> {
    this.source?.offAny(this.hear);
    await Promise.all(this.underWay);
  }

  /** Resolves when the event is stored: who emits with `emitAsync` waits for it. */
  private readonly hear: Listener = async (event, payload) => {
    const name = Array.isArray(event) ? event.join('.') : event;
    if (typeof name !== 'string' || !this.matches(name)) return;
    const work = this.publish(name, payload);
    this.underWay.add(work);
    await work;
    this.underWay.delete(work);
  };

  private async publish(name: string, payload: unknown): Promise<void> {
    try {
      const space = this.options.space(payload as never, name) ?? null;
      const event = space === null ? null : this.eventOf(name, payload);
      if (space !== null && event) await this.emitter.emit({ space }, event);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.error({ msg: 'event.not_published', type: name, error: reason });
    }
  }

  private eventOf(name: string, payload: unknown): TypedEvent | null {
    if (this.options.event) return this.options.event(payload as never, name) ?? null;
    return { type: name, data: payload } as TypedEvent;
  }

  private find(): Emitter {
    let found: unknown;
    try {
      found = this.providers.get(this.options.to, { strict: false });
    } catch {
      found = null;
    }
    if (typeof (found as Partial<Emitter> | null)?.onAny === 'function') return found as Emitter;
    throw new StartupError(
      'PosthornModule: listen.to: no EventEmitter2 is provided under it. Import ' +
        'EventEmitterModule.forRoot() in the root module.',
    );
  }
}
