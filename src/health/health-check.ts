/** One thing the process needs to do its work. */
export abstract class HealthCheck {
  /** What it is called in `/readyz`, snake_case. */
  abstract readonly name: string;

  /** Resolves while the thing works, throws when it does not. Called about once a second at most. */
  abstract check(): Promise<void>;
}

/** Injection token of all checks (`HealthCheck[]`). */
export const HEALTH_CHECKS = Symbol('health checks');
