import type { Answer, EventHandler, Receiver } from './receiver.js';
import { concat, interrupted, tooLarge } from './request.js';

/** What is used of Node's `IncomingMessage` and of Express's and NestJS's requests. */
export interface NodeRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What a body parser made of the body. */
  body?: unknown;
  /** The bytes, where a framework keeps them (NestJS, some hosts of functions). */
  rawBody?: unknown;
  readableEnded?: boolean;
  [Symbol.asyncIterator]?: () => { next: () => Promise<{ done?: boolean; value: unknown }> };
}

/** What is used of Node's `ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader: (name: string, value: string) => unknown;
  end: (text?: string) => unknown;
}

const PARSED =
  'The body was parsed before it could be verified, and its bytes are lost. Put this route before `express.json()`, ' +
  'give it `express.raw({ type: "*/*" })`, or create the NestJS application with `{ rawBody: true }`.';

/**
 * For `http.createServer` and Next.js API routes with `bodyParser: false`. When `process` throws, the answer is 500,
 * and the result rejects: catch it, as `http.createServer` does not.
 */
export function nodeHandler(
  receiver: Receiver,
  process: EventHandler,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    try {
      send(response, await receive(receiver, request, process));
    } catch (error) {
      send(response, { status: 500, text: 'The event could not be processed.' });
      throw error;
    }
  };
}

/** For Express 4 and 5: `app.post('/webhooks', expressHandler(receiver, process))`. What is thrown goes to `next`. */
export function expressHandler(
  receiver: Receiver,
  process: EventHandler,
): (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => void {
  return (request, response, next) => {
    receive(receiver, request, process).then((answer) => send(response, answer), next);
  };
}

function receive(receiver: Receiver, request: NodeRequest, process: EventHandler): Promise<Answer> {
  const body = () => rawBodyOf(request, receiver.maxBytes);
  return receiver.receive({ headers: request.headers, body }, process);
}

function send(response: NodeResponse, { status, text }: Answer): void {
  response.statusCode = status;
  if (text !== '') response.setHeader('content-type', 'text/plain; charset=utf-8');
  // The rest of a body that is too large is not read.
  if (status === 413) response.setHeader('connection', 'close');
  response.end(text);
}

/** The bytes of the body, from wherever a framework left them. */
export async function rawBodyOf(request: NodeRequest, maxBytes: number): Promise<string | ArrayBufferView> {
  for (const kept of [request.rawBody, request.body]) {
    if (typeof kept !== 'string' && !ArrayBuffer.isView(kept)) continue;
    if ((typeof kept === 'string' ? kept.length : kept.byteLength) > maxBytes) throw tooLarge(maxBytes);
    return kept;
  }
  const parts = request.readableEnded === true ? undefined : request[Symbol.asyncIterator]?.();
  if (!parts) throw new TypeError(PARSED);
  return read(parts, maxBytes);
}

/** Without `for await`, which would end the connection before a body that is too large gets its answer. */
async function read(
  parts: { next: () => Promise<{ done?: boolean; value: unknown }> },
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const next = () =>
    parts.next().catch(() => {
      throw interrupted();
    });
  for (let part = await next(); part.done !== true; part = await next()) {
    const chunk = part.value as Uint8Array;
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return concat(chunks, length);
}
