/** One thing that the process needs for its work. */
export abstract class HealthCheck {
  /** Its name in `/readyz`, snake_case. */
  abstract readonly name: string;

  /** Resolves while the thing works, throws when it does not. Called about once a second at most. */
  abstract check(): Promise<void>;
}

/** The reason for a failure in one word, for the answer of `/readyz`. */
export class CheckFailure extends Error {
  constructor(
    readonly reason: 'read_only' | 'disk_full' | 'away',
    message: string,
  ) {
    super(message);
  }
}

/** Injection token of all checks (`HealthCheck[]`). */
export const HEALTH_CHECKS = Symbol('health checks');
