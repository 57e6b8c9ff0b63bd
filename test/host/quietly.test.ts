import { Logger, type LoggerService } from '@nestjs/common';
import { quietly } from '../../src/host/quietly.js';

const current = () => Reflect.get(Logger, 'staticInstanceRef') as LoggerService;
const original = current();
afterEach(() => void Logger.overrideLogger(original));

function recorder(): { lines: unknown[]; logger: LoggerService } {
  const lines: unknown[] = [];
  const keep = (line: unknown) => lines.push(line);
  return { lines, logger: { log: keep, warn: keep, error: keep } };
}

describe('an application that starts quietly inside of another one', () => {
  it('leaves out what Nest says of it, and nothing else', async () => {
    const { lines, logger } = recorder();
    Logger.overrideLogger(logger);
    await quietly(() => {
      new Logger('RoutesResolver').log('a route');
      new Logger('RoutesResolver').error('no route');
      new Logger('queue').log('a line');
      return Promise.resolve();
    });
    new Logger('RoutesResolver').log('a route of the host');
    expect(lines).toEqual(['no route', 'a line', 'a route of the host']);
  });

  it('leaves the log to the host when its start fails', async () => {
    const { logger } = recorder();
    Logger.overrideLogger(logger);
    await expect(quietly(() => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(current()).toBe(logger);
  });

  it('keeps the log that was chosen meanwhile', async () => {
    Logger.overrideLogger(recorder().logger);
    const chosen = recorder().logger;
    await quietly(() => Promise.resolve(Logger.overrideLogger(chosen)));
    expect(current()).toBe(chosen);
  });
});
