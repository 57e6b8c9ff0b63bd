import { parseArgs } from 'node:util';
import { StartupError } from '../config/startup-error.js';
import { knownProfiles } from '../profiles/registry.js';
import { STORIES, type StoryName } from './stories.js';

/** The arguments of `npm run dev --`. */
export interface DevArguments {
  /** The profile of the provider to stand in for; null: our own demo. */
  as: string | null;
  /** How often a made-up event is published by itself, milliseconds; null: at the press of a key only. */
  everyMs: number | null;
  /** The story that made-up events tell, one lead after the other; null: each event is about another lead. */
  scenario: StoryName | null;
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 };
const SHORTEST_MS = 100;

/** Throws StartupError. */
export function readDevArguments(args: string[]): DevArguments {
  const { as = null, every, scenario = null } = parse(args);
  if (as !== null && !knownProfiles().includes(as)) {
    throw new StartupError([
      `There is no profile "${as}". Use --as with one of: ${knownProfiles().join(', ')}.`,
    ]);
  }
  if (every !== undefined && as === null) throw new StartupError(['Use --every together with --as.']);
  if (scenario !== null && as === null) throw new StartupError(['Use --scenario together with --as.']);
  if (scenario !== null && !isStory(scenario)) {
    const names = Object.keys(STORIES).join(', ');
    throw new StartupError([`There is no scenario "${scenario}". Use --scenario with one of: ${names}.`]);
  }
  return { as, everyMs: every === undefined ? null : readDuration(every), scenario };
}

function isStory(name: string): name is StoryName {
  return Object.hasOwn(STORIES, name);
}

function parse(args: string[]): { as?: string; every?: string; scenario?: string } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { as: text, every: text, scenario: text } }).values;
  } catch (error) {
    throw new StartupError([(error as Error).message]);
  }
}

function readDuration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit] ?? 0);
  if (ms < SHORTEST_MS)
    throw new StartupError([`--every ${text} is not a duration. Use one such as 5s, 500ms or 2m.`]);
  return ms;
}
