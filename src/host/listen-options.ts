import type { InjectionToken } from '@nestjs/common';
import { StartupError } from '../config/startup-error.js';
import { misplacedStars } from '../core/event-pattern.js';
import type { TypedEvent } from '../events/event-map.js';

/** What is published of the events that the application's own code emits. */
export interface PosthornListenOptions {
  /** The emitter's token: the class `EventEmitter2` of `@nestjs/event-emitter`. */
  to: InjectionToken;
  /** Names, and patterns for everything below a prefix: `invoice.paid`, `lead.*`, or `*` for all. */
  patterns: string[];
  /** The space of an event, by its uid or id; null: this one is not published. */
  space: (payload: never, name: string) => string | null | undefined;
  /** What is published; null: nothing. Default: the emitted name as `type`, and the payload as `data`. */
  event?: (payload: never, name: string) => TypedEvent | null | undefined;
}

/** Throws `StartupError` for what cannot be listened to. */
export function checkListenOptions(listen: Partial<PosthornListenOptions>): PosthornListenOptions {
  const { to, patterns, space } = listen;
  const problems: string[] = [];
  if (!to) problems.push('PosthornModule: listen.to: give the class EventEmitter2 of @nestjs/event-emitter.');
  if (!Array.isArray(patterns) || patterns.length === 0 || !patterns.every(isName))
    problems.push('PosthornModule: listen.patterns: name the events, e.g. ["invoice.paid", "lead.*"].');
  else
    for (const { message } of misplacedStars(patterns.map(asPattern), 'patterns'))
      problems.push(`PosthornModule: listen.patterns: ${message}`);
  if (typeof space !== 'function')
    problems.push(
      'PosthornModule: listen.space: give a function that tells the space of an event, e.g. (payload) ' +
        '=> payload.accountId.',
    );
  if (problems.length > 0) throw new StartupError(problems);
  return listen as PosthornListenOptions;
}

/** `lead.**` is how the emitter writes "at any depth", which `lead.*` is to us. */
export function asPattern(pattern: string): string {
  return pattern.replace(/\*\*$/, '*');
}

function isName(pattern: unknown): boolean {
  return typeof pattern === 'string' && pattern !== '';
}
