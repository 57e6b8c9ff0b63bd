import type { Issue } from '../core/errors.js';
import {
  currentVersion,
  numbersOf,
  stepsDown,
  unknownVersionMessage,
  type VersionRule,
} from '../core/type-versions.js';
import { MOST_HINTS, unknownTypeMessage } from '../core/unknown-type.js';

/** Event types that a subscription may be pinned to versions of. */
export const MAX_PINS = 100;

type Versions = Readonly<Record<string, VersionRule>>;

/**
 * What is wrong with the versions that a subscription wants. `names`: all types that it may hear of; `known`: later
 * versions of those that have any.
 */
export function checkPins(
  pins: Record<string, unknown>,
  names: string[],
  known: ReadonlyMap<string, Versions>,
): Issue[] {
  const entries = Object.entries(pins);
  if (entries.length > MAX_PINS) {
    const message = `Name at most ${MAX_PINS} event types.`;
    return [{ path: 'eventTypeVersions', code: 'max_properties', message }];
  }
  const all = new Set(names);
  return entries.flatMap(([type, version], index): Issue[] => {
    const path = `eventTypeVersions.${type.slice(0, 128)}`;
    if (!all.has(type)) {
      const message = unknownTypeMessage(type, index < MOST_HINTS ? names : []);
      return [{ path, code: 'unknown_event_type', message }];
    }
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
      return [{ path, code: 'is_int', message: 'Use the number of a version: 1, 2 and so on.' }];
    const versions = known.get(type) ?? {};
    const numbers = numbersOf(versions);
    if (!numbers.includes(version))
      return [{ path, code: 'unknown_version', message: unknownVersionMessage(type, version, numbers) }];
    const current = currentVersion(versions);
    const steps = version < current ? stepsDown(versions, current, version) : [];
    if (Array.isArray(steps)) return [];
    const message =
      `Version ${steps.missing} of ${type} has no downgrade, so its events cannot be made version ` +
      `${version}. Define one first.`;
    return [{ path, code: 'no_downgrade', message }];
  });
}
