import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { includesLevel, LOG_CONTEXTS, parseLogLevels, widestLevel } from '../../src/config/log-levels.js';
import { readSettings } from '../../src/config/read-settings.js';
import { packageRoot } from '../../src/config/version.js';

describe('LOG_LEVEL', () => {
  it.each([
    ['debug', { level: 'debug', contexts: new Map() }],
    ['info,dispatcher=debug', { level: 'info', contexts: new Map([['dispatcher', 'debug']]) }],
    [
      ' dispatcher = silent , warn, queue=error ',
      {
        level: 'warn',
        contexts: new Map([
          ['dispatcher', 'silent'],
          ['queue', 'error'],
        ]),
      },
    ],
    ['sweeper=debug', { level: 'info', contexts: new Map([['sweeper', 'debug']]) }],
  ])('%j is understood', (text, levels) => {
    expect(parseLogLevels(readSettings({ LOG_LEVEL: text }).logLevel)).toEqual(levels);
  });

  it.each([
    'loud',
    'trace',
    'INFO',
    'info,debug',
    'info,dispatcher',
    'info,dispatcher=loud',
    'info,dispatchr=debug',
    'info,dispatcher=debug=warn',
    'info,dispatcher=debug,dispatcher=warn',
    'info,=debug',
  ])('%j is refused with a sentence that says what it may be', (text) => {
    expect(() => readSettings({ LOG_LEVEL: text })).toThrow(
      /^LOG_LEVEL: ".*" is not one of fatal, .*, silent, nor .* the contexts are archive, .*workers\.$/,
    );
  });

  it('lets through what the most talkative context wants', () => {
    expect(widestLevel(parseLogLevels('error,dispatcher=debug,queue=warn'))).toBe('debug');
    expect(widestLevel(parseLogLevels('info,dispatcher=silent'))).toBe('info');
  });

  it.each([
    ['info', 'debug', false],
    ['info', 'info', true],
    ['info', 'warn', true],
    ['silent', 'fatal', false],
  ] as const)('at %s, whether a line of %s is written: %s', (least, level, isWritten) => {
    expect(includesLevel(least, level)).toBe(isWritten);
  });

  it('knows every context of the source', () => {
    const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' });
    const named = sources
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(packageRoot, 'src', file), 'utf8').matchAll(/new Logger\('(\w+)'\)/g),
      ])
      .map(([, context]) => context);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((context) => !LOG_CONTEXTS.includes(context ?? ''))).toEqual([]);
  });
});
