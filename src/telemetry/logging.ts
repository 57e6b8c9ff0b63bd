import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { includesLevel, type LogLevel, type LogLevels } from '../config/log-levels.js';

/** Where a log line goes besides its level. */
type Level = Exclude<LogLevel, 'silent'>;

/** Nest's `Logger` on pino. An object's fields become fields of the line; Nest's context becomes `context`. */
export class PinoLogger implements LoggerService {
  constructor(
    private readonly logger: Logger,
    private readonly levels: LogLevels,
  ) {}

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
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    if (!this.includes(level, context)) return;
    // Nest passes a stack before the context.
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const fields = { ...(context && { context }), ...(stack && { stack }) };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message });
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...fields, ...message });
    else this.logger[level](fields, String(message));
  }

  private includes(level: Level, context: string | undefined): boolean {
    const own = context === undefined ? undefined : this.levels.contexts.get(context);
    return includesLevel(own ?? this.levels.level, level);
  }
}

/** Nest logs every module and route it sets up, which operators do not need. */
function isNestBootMessage(context: unknown): boolean {
  return ['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication'].includes(
    context as string,
  );
}
