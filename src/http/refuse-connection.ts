import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import { connectionProblem, methodProblem, PROBLEM_TYPE, type Problem } from './problem.js';

/** How long a refused client may take to read the error. */
const LINGER_MS = 1_000;
const REQUEST_LINE = /^([A-Z][A-Z-]{0,31}) (\/\S{0,2048}) HTTP\/1\.[01]\r?\n/;

export interface ConnectionError extends Error {
  code?: string | undefined;
  rawPacket?: unknown;
}

/** A request that Node cannot parse has no reply, only a socket. `methodsAt`: what the path of a URL takes. */
export function refuseConnection(
  error: ConnectionError,
  socket: Socket,
  methodsAt: (url: string) => string[],
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [, method = '', url = ''] = REQUEST_LINE.exec(firstBytes(error)) ?? [];
  // Node refuses methods that are newer than it before any route is asked. What it knows is a request before the
  // error's.
  const isUnknown = error.code === 'HPE_INVALID_METHOD' && !METHODS.includes(method);
  const allowed = isUnknown ? methodsAt(url) : [];
  const problem = allowed.length > 0 ? methodProblem(method, allowed) : connectionProblem(statusOf(error));
  socket.end(answer(problem, allowed));
  // Not at once, or the answer is lost with the unread bytes; but also when the sender never closes.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function firstBytes({ rawPacket }: ConnectionError): string {
  return Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : '';
}

function statusOf({ code }: ConnectionError): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}

function answer(problem: Problem, allowed: string[]): string {
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'connection: close',
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...(allowed.length > 0 ? [`allow: ${allowed.join(', ')}`] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
