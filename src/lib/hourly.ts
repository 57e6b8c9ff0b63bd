import { Poller } from './poller.js';

const HOUR_MS = 3_600_000;

/** Does `work` at its start and every hour after that. A failure goes to `onFailure`; the next run comes as usual. */
export function hourly(work: () => Promise<unknown>, onFailure: (error: Error) => void): Poller {
  return new Poller(async () => {
    await work().catch(onFailure);
    return HOUR_MS;
  });
}
