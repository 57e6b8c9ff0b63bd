/** Why a body is no longer there. */
export class RemovedView {
  /** `erased`: somebody asked for it (`/erasures`). `retention`: the space keeps bodies for that long only. */
  reason: 'erased' | 'retention';
  /** After how many days retention removed it; null for an erasure, or when its whole event is gone. */
  afterDays: number | null;
  /** For people. */
  message: string;
}
