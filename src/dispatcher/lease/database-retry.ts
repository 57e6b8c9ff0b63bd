/** How long the dispatcher waits after a statement that failed, milliseconds. */
export const DATABASE_RETRY_MS = 500;
