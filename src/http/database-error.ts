import { types } from 'node:util';
import { Invalid, OutcomeUnknown, ShuttingDown, Unavailable, type PosthornError } from '../core/errors.js';
import { isOutcomeUnknown } from '../database/unknown-outcome.js';

/**
 * No connection, no access, a server that starts or stops, a standby, too many clients, its own time limits, a failing
 * disk, a lost race for a lock.
 */
const UNAVAILABLE = /^(08...|28...|3D000|57P0[1-5]|57014|53...|58030|25006|25P0[34]|40001|40P01|55P03)$/;
const SOCKET = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** Messages of pg that have no code. */
const LOST = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
  'Query read timeout',
];

/** Of pg's pool, and of TypeORM, after the process has closed its connections. */
const CLOSED = ['Cannot use a pool after calling end', 'Driver not Connected'];

/** A NUL character in text or jsonb. */
const UNSTORABLE = /^(22021|22P05)$/;
/** Half of a surrogate pair in jsonb. We send the output of JSON.stringify, so nothing else can be wrong with it. */
const UNSTORABLE_JSON = 'invalid input syntax for type json';

/** The error that a failed statement means to the caller; null when it is a fault of ours. */
export function databaseErrorOf(error: unknown): PosthornError | null {
  // Not instanceof: under Jest a socket's error is of another realm's Error.
  if (!types.isNativeError(error)) return null;
  const code = codeOf(error);
  if (UNSTORABLE.test(code) || (code === '22P02' && error.message.startsWith(UNSTORABLE_JSON))) {
    const message = 'Text must not contain the NUL character (\\u0000) or unpaired surrogates. Remove them.';
    return new Invalid([{ path: 'body', code: 'unstorable_text', message }]);
  }
  if (isOutcomeUnknown(error)) {
    return new OutcomeUnknown(
      'The database connection was lost during the request. It may have been carried out: check first, ' +
        'and repeat it if it was not.',
    );
  }
  if (CLOSED.some((text) => error.message.startsWith(text))) return new ShuttingDown();
  if (code === '53100') {
    return new Unavailable("The database's disk is full. Nothing was changed; repeat the request later.");
  }
  if (UNAVAILABLE.test(code) || SOCKET.test(code) || LOST.some((text) => error.message.startsWith(text))) {
    return new Unavailable('The database is unavailable. Nothing was changed; repeat the request.');
  }
  return null;
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
