/** A connection that we gave up ourselves, or did not open: its server gives no answer. */
export class ConnectionLost extends Error {
  /** SQLSTATE connection_failure. */
  readonly code = '08006';
}

/** No host of several can be used. */
export class NoUsableHost extends ConnectionLost {
  constructor(readonly failures: { host: string; error: Error }[]) {
    super(failures.map(({ host, error }) => `${host}: ${error.message}`).join('; '));
  }
}

/** Whether the server itself said so. What it said was an answer, even if it is no good. */
export function isServerResponse(error: unknown): boolean {
  if (error instanceof NoUsableHost) return error.failures.some((failure) => isServerResponse(failure.error));
  return typeof (error as { severity?: unknown } | null)?.severity === 'string';
}

/** What sends us looking for the database anew: no writes taken here, or the server ends or does not let in for now. */
export function requiresNewLookup(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(25006|25P0[34]|57P0[1-5]|08...)$/.test(code);
}
