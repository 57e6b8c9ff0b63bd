import { ExactNumber } from '../lib/exact-number.js';
import type { EventScope, ProfileName } from '../core/domain-types.js';
import { CONVERSIONS } from './conversions.js';
import type { Equivalent, FieldPair } from './equivalents.js';
import type { Profile } from './profile.js';
import { profileOf } from './registry.js';

/** An event as a profile has it. `data` is parsed JSON, and may contain an `ExactNumber`. */
export interface TranslatedEvent {
  type: string;
  data: unknown;
}

/** What a translation needs of an event. */
export interface TranslatableEvent extends TranslatedEvent {
  id: string;
  occurredAt: Date;
  scope: EventScope;
  /** The version of its type; absent: the first. */
  version?: number;
}

const NATIVE = 'native';

/**
 * An event of a space of the profile `from` in the words of the profile `to`: once, several times, or not at all when
 * they have no words for it. By way of native, whose words every profile knows.
 */
export function translate(event: TranslatableEvent, from: ProfileName, to: ProfileName): TranslatedEvent[] {
  if (from === to) return [{ type: event.type, data: event.data }];
  const native = from === NATIVE ? [event] : toNative(event, profileOf(from));
  if (to === NATIVE) return native;
  const theirs = profileOf(to);
  return native.flatMap((translated) => fromNative({ ...event, ...translated }, theirs));
}

function fromNative(event: TranslatableEvent, { equivalents }: Profile): TranslatedEvent[] {
  return equivalents
    .filter((equivalent) => equivalent.native === event.type && applies(equivalent, event.data))
    .map((equivalent) => ({
      type: equivalent.theirs,
      data: equivalent.sameData ? event.data : toTheirData(equivalent.fields, event),
    }));
}

function toNative(event: TranslatableEvent, { equivalents }: Profile): TranslatedEvent[] {
  const found = equivalents.find(({ theirs }) => theirs === event.type);
  if (!found) return [];
  if (found.sameData) return [{ type: found.native, data: event.data }];
  const data = toNativeData(found.fields, event.data);
  if (found.when) put(data, found.when.path, found.when.is[0]);
  return [{ type: found.native, data }];
}

function applies({ when, needs }: Equivalent, data: unknown): boolean {
  if (needs !== undefined && (at(data, needs) ?? null) === null) return false;
  return !when || when.is.includes(at(data, when.path));
}

function toTheirData(fields: readonly FieldPair[], event: TranslatableEvent): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const { native, theirs, as = 'same', otherwise, joined } of fields) {
    const found = (typeof native === 'string' ? [native] : native).map((path) => read(event, path));
    const value = joined ? join(found) : found.find((each) => each !== undefined);
    const written = value === undefined ? otherwise : value === null ? null : CONVERSIONS[as].toTheirs(value);
    if (written !== undefined) put(data, theirs, written);
  }
  return data;
}

function toNativeData(fields: readonly FieldPair[], theirData: unknown): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const { native, theirs, as = 'same', joined } of fields) {
    const [path, rest] = typeof native === 'string' ? [native] : native;
    const value = at(theirData, theirs);
    if (path === undefined || path.startsWith('@') || value === undefined) continue;
    if (joined && rest !== undefined && typeof value === 'string') {
      const blank = value.indexOf(' ');
      put(data, path, blank === -1 ? value : value.slice(0, blank));
      put(data, rest, blank === -1 ? null : value.slice(blank + 1));
      continue;
    }
    put(data, path, value === null ? null : CONVERSIONS[as].toNative(value));
  }
  return data;
}

/** Undefined when none of them is known, null when those that are known are null. */
function join(values: unknown[]): string | null | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const texts = known.filter((value): value is string => typeof value === 'string' && value !== '');
  return texts.length === 0 ? null : texts.join(' ');
}

function read(event: TranslatableEvent, path: string): unknown {
  if (path === '@id') return event.id;
  if (path === '@occurredAt') return event.occurredAt.toISOString();
  if (path.startsWith('@scope.')) return at(event.scope, path.slice('@scope.'.length));
  return at(event.data, path);
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || found instanceof ExactNumber) return undefined;
    if (!Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

function put(data: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let place = data;
  for (const name of names) {
    const next = place[name];
    place = (typeof next === 'object' && next !== null ? next : (place[name] = {})) as Record<
      string,
      unknown
    >;
  }
  place[last] = value;
}
