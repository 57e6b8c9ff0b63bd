import { PosthornError } from '../../core/errors.js';
import { PREFORMATTED } from '../../profiles/smartlead/format-error.js';

const KINDS = { 400: 'bad_request', 404: 'not_found', 409: 'conflict', 422: 'invalid' } as const;

/** What this API refuses, in the provider's own words. */
export class SmartleadError extends PosthornError {
  readonly kind;

  constructor(status: keyof typeof KINDS, text: string) {
    super(PREFORMATTED, text);
    this.kind = KINDS[status];
  }
}

/** How a part of the API says that a field is missing or wrong: their generations differ. */
export interface ErrorFormat {
  missing: (field: string) => SmartleadError;
  wrong: (field: string, value: unknown, why?: string) => SmartleadError;
  /** For an address that is refused. It may hold a password or a token, so only the documented text repeats it. */
  address: (field: string, why: string, value: string) => SmartleadError;
  /** For a secret, which no text repeats. */
  secret: (why: string) => SmartleadError;
}

/** `/webhook/…` */
export const webhookErrorFormat: ErrorFormat = {
  missing: (field) => new SmartleadError(422, `${field} is required`),
  wrong: (field, value, why) =>
    new SmartleadError(422, `Invalid ${field} - ${shown(value)}${why === undefined ? '' : `. ${why}`}`),
  address: (field, why) => new SmartleadError(422, `Invalid ${field}. ${why}`),
  secret: (why) => new SmartleadError(422, `Invalid secret_key. ${why}`),
};

/** `/campaigns/…` */
export const campaignErrorFormat: ErrorFormat = {
  missing: (field) => new SmartleadError(400, `Invalid ${field} - undefined`),
  wrong: (field, value) => new SmartleadError(400, `Invalid ${field} - ${shown(value)}`),
  address: (field, _why, value) => new SmartleadError(400, `Invalid ${field} - ${shown(value)}`),
  secret: (why) => new SmartleadError(400, `Invalid secret_key. ${why}`),
};

const MAX_SHOWN = 200;

function shown(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}
