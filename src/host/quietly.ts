import { Logger, type LoggerService } from '@nestjs/common';

/** What Nest itself says while an application starts. */
const CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/**
 * Starts an application inside of another one without the lines that Nest logs of it: they would tell of routes that
 * are not where they say. All other lines go where they went.
 */
export async function quietly<T>(start: () => Promise<T>): Promise<T> {
  const before = Reflect.get(Logger, 'staticInstanceRef') as LoggerService | undefined;
  if (!before) return start();
  const filter = new Proxy(before, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown =>
        name === 'log' && CONTEXTS.has(String(args.at(-1)))
          ? undefined
          : (value.apply(target, args) as unknown);
    },
  });
  Logger.overrideLogger(filter);
  try {
    return await start();
  } finally {
    // Unless the application has chosen another one meanwhile.
    if (Reflect.get(Logger, 'staticInstanceRef') === filter) Logger.overrideLogger(before);
  }
}
