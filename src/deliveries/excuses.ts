/**
 * What this process has put down to itself instead of to an endpoint, for its metrics. The process's own, for its API and its
 * worker have containers of their own.
 */
export const excuses = {
  /** Attempts that count nowhere, by why. */
  attempts: { stall: 0, network: 0 },
  /** How often the worker's own network was out. */
  outages: 0,
  isNetworkOut: false,
};
