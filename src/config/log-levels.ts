import { commaSeparated, type Rule } from './setting.js';

/** Least talkative first. */
const LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** What people may ask for. */
const CHOICES: LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];
const DEFAULT: LogLevel = 'info';

/** Parts of the engine, as the `context` of their log lines names them. */
export const LOG_CONTEXTS = [
  ...[
    'archive',
    'broadcasts',
    'certificates',
    'console',
    'database',
    'dispatcher',
    'events',
    'expiry',
    'exports',
    'health',
    'http',
  ],
  ...[
    'jobs',
    'mail',
    'network',
    'outcomes',
    'process',
    'publish',
    'queue',
    'subscriptions',
    'sweeper',
    'system',
  ],
  ...['throttles', 'traces', 'workers'],
];

/** What is logged: everything up to a level, which some contexts may have of their own. */
export interface LogLevels {
  level: LogLevel;
  contexts: ReadonlyMap<string, LogLevel>;
}

export const LOG_LEVEL_RULE: Rule = {
  accepts: (text) => readLogLevels(text) !== null,
  problem:
    `is not one of ${CHOICES.join(', ')}, nor one of them with levels of contexts after it, e.g. ` +
    `info,dispatcher=debug; the contexts are ${LOG_CONTEXTS.join(', ')}`,
};

/** `text` was accepted by the rule. */
export function parseLogLevels(text: string): LogLevels {
  return readLogLevels(text) ?? { level: DEFAULT, contexts: new Map() };
}

/** Whether a line of `level` is written where `least` is asked for. */
export function includesLevel(least: LogLevel, level: LogLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

/** The most talkative of them. */
export function widestLevel({ level, contexts }: LogLevels): LogLevel {
  return [...contexts.values()].reduce((widest, one) => (includesLevel(one, widest) ? one : widest), level);
}

function readLogLevels(text: string): LogLevels | null {
  const contexts = new Map<string, LogLevel>();
  let level: LogLevel | undefined;
  for (const entry of commaSeparated(text)) {
    const [name = '', value, ...rest] = entry.split('=').map((part) => part.trim());
    const wanted = CHOICES.find((one) => one === (value ?? name));
    const isNew = value === undefined ? level === undefined : !contexts.has(name);
    if (!wanted || !isNew || rest.length > 0) return null;
    if (value === undefined) level = wanted;
    else if (LOG_CONTEXTS.includes(name)) contexts.set(name, wanted);
    else return null;
  }
  return { level: level ?? DEFAULT, contexts };
}
