import type { Answer, Engine } from './engine.js';
import type { ManualClock } from './manual-clock.js';

/** Calls a space's Smartlead API as its clients do, within their ten requests a second. */
export class SmartleadClient {
  constructor(
    private readonly engine: Engine,
    private readonly clock: ManualClock,
    readonly key: string,
  ) {}

  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    as = this.key,
  ): Promise<Answer<T>> {
    this.clock.advance(1_000);
    const query = `${path.includes('?') ? '&' : '?'}api_key=${as}`;
    const headers = { authorization: '' };
    return this.engine.call<T>(method, `/smartlead/api/v1${path}${query}`, body, { headers });
  }
}
