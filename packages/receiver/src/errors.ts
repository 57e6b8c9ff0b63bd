/** Why a request was not taken for a webhook. `expired`: its time is too far off; `forged`: no secret fits. */
export type RejectionCode = 'missing_header' | 'malformed' | 'expired' | 'forged' | 'too_large';

/** The request is not a genuine webhook, or cannot be shown to be one. Answer it with `status`. */
export class RejectedWebhook extends Error {
  override readonly name = 'RejectedWebhook';

  constructor(
    readonly code: RejectionCode,
    message: string,
  ) {
    super(message);
  }

  /** 400, or 413 for a body that is too large. */
  get status(): number {
    return this.code === 'too_large' ? 413 : 400;
  }
}
