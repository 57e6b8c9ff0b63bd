const unanswered = new WeakSet<object>();

/** Remembers that a statement had been sent when this happened, and that nobody knows whether it was carried out. */
export function markUnanswered(error: unknown): void {
  if (typeof error === 'object' && error !== null) unanswered.add(error);
}

/** For a failure before a COMMIT: whatever was sent until then came to nothing. */
export function markUndone(error: unknown): void {
  if (typeof error === 'object' && error !== null) unanswered.delete(error);
}

/** Whether what failed may have been carried out nevertheless. TypeORM wraps what the driver threw. */
export function isUnanswered(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return unanswered.has(error) || isUnanswered((error as { driverError?: unknown }).driverError);
}
