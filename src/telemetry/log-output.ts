import { destination, pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { consoleHasColour, isConsoleTerminal } from '../config/console-colour.js';
import { parseLogLevels, widestLevel } from '../config/log-levels.js';
import type { Settings } from '../config/settings.js';
import { PinoLogger } from './logging.js';

/** How much log is kept in memory while it cannot be written, bytes. More is dropped. */
const MAX_BUFFERED = 1024 * 1024;

/** The process's log on stdout: a JSON object per line, or lines for people on a terminal. */
export async function openLog(settings: Settings): Promise<PinoLogger> {
  let lost = 0;
  const stream = standardOutput(
    () => (lost += 1),
    () => {
      if (lost === 0) return;
      const lines = lost;
      lost = 0;
      setImmediate(() => logger.warn({ msg: 'log.lines_lost', lines }));
    },
  );
  const isForPeople = settings.logFormat === 'auto' ? isConsoleTerminal() : settings.logFormat === 'text';
  const logger: Logger = pino(optionsOf(settings), isForPeople ? await forPeople(stream) : stream);
  return new PinoLogger(logger, parseLogLevels(settings.logLevel));
}

/** Loaded only for people: it takes longer to load than all else of the log. */
async function forPeople(stream: DestinationStream): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({
    colorize: consoleHasColour(),
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'role,context',
    messageFormat: '{if context}{context}: {end}{msg}',
    singleLine: true,
  });
  return { write: (line) => stream.write(format(line)) };
}

/**
 * Keeps lines that cannot be written because the disk is full or the reader is gone, and tries again with the next
 * line. pino's own stream would end the process, or stay silent from then on.
 */
function standardOutput(onLost: () => void, onWritten: () => void): DestinationStream {
  const stream = destination({ dest: 1, sync: true, maxLength: MAX_BUFFERED });
  stream.removeAllListeners('error');
  stream.on('error', () => undefined);
  stream.on('drop', onLost);
  stream.on('write', onWritten);
  return stream;
}

function optionsOf(settings: Settings): LoggerOptions {
  return {
    level: widestLevel(parseLogLevels(settings.logLevel)),
    base: { role: settings.role },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // In case somebody logs these by mistake.
    redact: {
      paths: ['*.authorization', '*.secret', '*.key', 'authorization', 'secret', 'key'],
      censor: '***',
    },
  };
}
