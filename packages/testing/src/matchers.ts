import { RecordingEmitter, type EmittedRecord } from './recording-emitter.js';

/** What is used of the `this` that Jest and Vitest give to a matcher. */
interface MatcherContext {
  isNot?: boolean;
  equals: (a: unknown, b: unknown, testers?: never[]) => boolean;
  customTesters?: unknown[];
  utils: { iterableEquality?: unknown; subsetEquality?: unknown; printExpected: (value: unknown) => string };
}

interface MatcherResult {
  pass: boolean;
  message: () => string;
}

const MOST_LINES = 10;

/** For `expect.extend(matchers)`, in Jest and in Vitest. */
export const matchers = {
  /**
   * Whether an event was emitted: any, one of this type, or one of this type whose data has at least these fields.
   * Asymmetric matchers (`expect.any(String)`) may stand in the data.
   */
  toHaveEmitted(this: MatcherContext, webhooks: unknown, type?: string, data?: object): MatcherResult {
    const { events } = recorder(webhooks);
    const pass = events.some((event) => fits(this, event, type, data));
    return { pass, message: () => message(this, events, wanted(this, type, data)) };
  },

  /** Whether so many events were emitted, of this type and with these fields if they are given. */
  toHaveEmittedTimes(
    this: MatcherContext,
    webhooks: unknown,
    times: number,
    type?: string,
    data?: object,
  ): MatcherResult {
    const { events } = recorder(webhooks);
    const found = events.filter((event) => fits(this, event, type, data)).length;
    const what = `${times} × ${wanted(this, type, data)}, but found ${found}`;
    return { pass: found === times, message: () => message(this, events, what) };
  },
};

/** The matchers as types, for augmentations of `expect`: only for what `recordingEmitter()` made. */
export interface WebhookMatchers<R, T> {
  toHaveEmitted: ForRecorder<T, (type?: string, data?: object) => R>;
  toHaveEmittedTimes: ForRecorder<T, (times: number, type?: string, data?: object) => R>;
}

type ForRecorder<T, Matcher> = T extends { events: readonly EmittedRecord[] } ? Matcher : never;

function recorder(webhooks: unknown): RecordingEmitter {
  // A second copy of this module has a class of its own.
  if (webhooks instanceof RecordingEmitter) return webhooks;
  const events = (webhooks as { events?: unknown } | null | undefined)?.events;
  if (Array.isArray(events)) return webhooks as RecordingEmitter;
  throw new TypeError('expect(…) must be given what recordingEmitter() made.');
}

function fits(context: MatcherContext, event: EmittedRecord, type?: string, data?: object): boolean {
  if (type !== undefined && event.type !== type) return false;
  if (data === undefined) return true;
  const { iterableEquality, subsetEquality } = context.utils;
  const testers = [...(context.customTesters ?? []), iterableEquality, subsetEquality].filter(Boolean);
  return context.equals(event.data, data, testers as never[]);
}

const wanted = ({ utils }: MatcherContext, type = 'an event', data?: object) =>
  data === undefined ? type : `${type} with ${utils.printExpected(data)}`;

function message({ isNot }: MatcherContext, events: EmittedRecord[], what: string): string {
  const lines = events
    .slice(-MOST_LINES)
    .map(({ space, type, data }) => `  ${space}: ${type} ${JSON.stringify(data)}`);
  const more = events.length > MOST_LINES ? [`  … and ${events.length - MOST_LINES} before these`] : [];
  const emitted = events.length === 0 ? 'Nothing was emitted.' : ['Emitted:', ...lines, ...more].join('\n');
  return `Expected ${isNot === true ? 'not ' : ''}to have emitted ${what}.\n${emitted}`;
}
