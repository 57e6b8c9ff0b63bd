import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import { Unauthorized } from '../core/errors.js';
import { unparsedRequestProblem, methodProblem, PROBLEM_TYPE, problemOf, type Problem } from './problem.js';

/** How long a refused client may take to read the error. */
const LINGER_MS = 1_000;
const KEY_HEADER = /\r\nauthorization:[ \t]*bearer[ \t]+\S/i;
const REQUEST_LINE = /^([A-Z][A-Z-]{0,31}) (\/\S{0,2048}) HTTP\/1\.[01]\r?\n/;

const NO_KEY = 'Send your key in the header "Authorization: Bearer <key>".';
const NOWHERE: PathFacts = { methods: [], isGuarded: false };

export interface ConnectionError extends Error {
  code?: string | undefined;
  rawPacket?: unknown;
}

/** What the path of a URL takes, and whether it tells that to callers with a key only. */
export interface PathFacts {
  methods: string[];
  isGuarded: boolean;
}

/** A request that Node cannot parse has no reply, only a socket. */
export function refuseConnection(
  error: ConnectionError,
  socket: Socket,
  factsOf: (url: string) => PathFacts,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const head = firstBytes(error);
  const [, method = '', url = ''] = REQUEST_LINE.exec(head) ?? [];
  // Node refuses methods that are newer than it before any route is asked. What it knows is a request before the
  // error's.
  const isUnknown = error.code === 'HPE_INVALID_METHOD' && !METHODS.includes(method);
  const { methods, isGuarded } = isUnknown ? factsOf(url) : NOWHERE;
  // The key itself cannot be looked up for what is no request.
  const isStranger = isGuarded && !KEY_HEADER.test(head);
  if (isStranger) socket.end(answer(problemOf(new Unauthorized(NO_KEY)) ?? unparsedRequestProblem(401), []));
  else if (methods.length > 0) socket.end(answer(methodProblem(method, methods), methods));
  else socket.end(answer(unparsedRequestProblem(statusOf(error)), []));
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
    ...(problem.status === 401 ? ['www-authenticate: Bearer'] : []),
    ...(allowed.length > 0 ? [`allow: ${allowed.join(', ')}`] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
