import { Inject, Injectable, Logger } from '@nestjs/common';
import { BoundedLog } from '../telemetry/bounded-log.js';
import { HEALTH_CHECKS, CheckFailure, type HealthCheck } from './health-check.js';
import type { CheckResult, Readiness } from './health.dto.js';

const TIME_LIMIT_MS = 2_000;

/** Runs all checks at once, each for at most two seconds. */
@Injectable()
export class ReadinessService {
  private readonly log = new BoundedLog(new Logger('health'));
  private isStopping = false;
  private reading: Promise<Readiness> | null = null;

  constructor(@Inject(HEALTH_CHECKS) private readonly checks: HealthCheck[]) {}

  /** The process takes no more work: it is not ready from now on. */
  stop(): void {
    this.isStopping = true;
  }

  /** Anybody may ask: who asks meanwhile gets the same answer, so that the database is asked once at a time. */
  async read(): Promise<Readiness> {
    if (this.isStopping)
      return {
        status: 'unavailable',
        checks: { process: { status: 'failed', ms: 0, reason: 'stopping' } },
      };
    this.reading ??= this.runAll().finally(() => (this.reading = null));
    return this.reading;
  }

  private async runAll(): Promise<Readiness> {
    const results = await Promise.all(
      this.checks.map(async (check) => [check.name, await this.run(check)] as const),
    );
    const ready = results.every(([, { status }]) => status === 'ok');
    return { status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) };
  }

  private async run(check: HealthCheck): Promise<CheckResult> {
    const startedAt = performance.now();
    const fault = await errorOf(check);
    if (fault) this.log.warn({ msg: 'health.check_failed', check: check.name, error: fault.message });
    const result = {
      status: fault ? 'failed' : 'ok',
      ms: Math.round(performance.now() - startedAt),
      ...(fault instanceof CheckFailure && { reason: fault.reason }),
    } as const;
    // The reason may contain an address, so it is only logged.
    return fault instanceof TimedOut ? { ...result, status: 'timeout' } : result;
  }
}

class TimedOut extends Error {}

async function errorOf(check: HealthCheck): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeLimit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`no answer within ${TIME_LIMIT_MS} ms`)), TIME_LIMIT_MS);
  });
  try {
    await Promise.race([check.check(), timeLimit]);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
