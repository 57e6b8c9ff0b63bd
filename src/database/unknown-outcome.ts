const unanswered = new WeakSet<object>();

/** Marks an error after which it is unknown whether the statement was carried out: it had been sent. */
export function markOutcomeUnknown(error: unknown): void {
  if (typeof error === 'object' && error !== null) unanswered.add(error);
}

/** For a failure before a COMMIT: whatever was sent until then came to nothing. */
export function markRolledBack(error: unknown): void {
  if (typeof error === 'object' && error !== null) unanswered.delete(error);
}

/** Whether what failed may have been carried out nevertheless. TypeORM wraps what the driver threw. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return unanswered.has(error) || isOutcomeUnknown((error as { driverError?: unknown }).driverError);
}
