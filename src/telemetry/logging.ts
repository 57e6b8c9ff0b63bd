import type { LoggerService } from '@nestjs/common';
import { destination, pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { Settings } from '../config/settings.js';

/** Where a log line goes besides its level. */
type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** How much log is kept in memory while it cannot be written, bytes. More is dropped. */
const MAX_BUFFERED = 1024 * 1024;

/** The process's logger: one JSON object per line on stdout. */
export function createLogger(settings: Settings): Logger {
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
  const logger = pino(optionsOf(settings), stream);
  return logger;
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
    level: settings.logLevel,
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

/** Nest's `Logger` on pino. An object's fields become fields of the line; Nest's context becomes `context`. */
export class PinoLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(isNestBootMessage(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    // Nest passes a stack before the context.
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const fields = { ...(context && { context }), ...(stack && { stack }) };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message });
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...fields, ...message });
    else this.logger[level](fields, String(message));
  }
}

/** Nest logs every module and route it sets up, which operators do not need. */
function isNestBootMessage(context: unknown): boolean {
  return ['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication'].includes(
    context as string,
  );
}
