import { ConnectionError, ProblemError } from '@posthorn/client';
import type { Message, Words } from './language.js';

const BY_CODE: Record<string, Message> = {
  limit_reached: 'error.limit',
  secret_hidden: 'error.secretHidden',
  body_removed: 'error.removed',
  event_erased: 'error.removed',
};

const BY_STATUS: Record<number, Message> = {
  0: 'error.unreachable',
  403: 'error.forbidden',
  404: 'error.notFound',
  409: 'error.conflict',
  412: 'error.conflict',
  422: 'error.invalid',
  429: 'error.tooMany',
  502: 'error.unreachable',
  503: 'error.unreachable',
  504: 'error.unreachable',
};

/** What went wrong, in the reader's language. */
export function problemText(words: Words, error: unknown): string {
  if (error instanceof ConnectionError) return words.text('error.unreachable');
  if (!(error instanceof ProblemError)) return words.text('error.ours', { code: 'client' });
  const key = BY_CODE[error.code] ?? BY_STATUS[error.status];
  return key === undefined ? words.text('error.ours', { code: error.code }) : words.text(key);
}

const BY_FIELD: Record<string, Message> = { url: 'field.url.invalid' };

/** What is wrong with a field; the API's own sentence where the reader's language is the API's. */
export function fieldProblem(words: Words, error: unknown, field: string): string | null {
  if (!(error instanceof ProblemError)) return null;
  const issue = error.errors.find(({ path }) => path === field || path.startsWith(`${field}[`));
  if (!issue) return null;
  const own = BY_FIELD[field] ?? 'field.invalid';
  return words.language === 'en' && field !== 'url' ? issue.message : words.text(own);
}
