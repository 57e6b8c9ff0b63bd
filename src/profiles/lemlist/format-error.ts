import type { ErrorDetails, ErrorResponse } from '../../core/provider-api.js';

/** Their names for our fields. */
const THEIRS: Record<string, string> = { url: 'targetUrl', events: 'type' };

/** Plain text, what was wrong behind their own word for it; a 401 without a body. */
export function formatError({ status, detail, errors = [] }: ErrorDetails): ErrorResponse {
  if (status === 401) return { status, headers: { 'www-authenticate': 'Basic realm="lemlist"' }, body: null };
  if (status === 404) return { status, body: 'Webhook not found' };
  if (status !== 422) return { status, body: detail };
  const reasons = errors.map(({ path, message }) => `${nameOf(path)}: ${message}`);
  return { status: 400, body: ['Bad params:', ...reasons].join(' ') };
}

/** `scope.campaignId` is their `campaignId`. */
function nameOf(path: string): string {
  const name = /[a-z]+$/i.exec(path.replace(/\[\d+\]$/, ''))?.[0] ?? path;
  return THEIRS[name] ?? name;
}
