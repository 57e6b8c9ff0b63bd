import { RejectedWebhook } from './errors.js';
import type { EventHandler, Receiver } from './receiver.js';

/** For everything that speaks `Request`: Next.js route handlers, Hono's `c.req.raw`, Deno, Bun, edge runtimes. */
export function requestHandler(
  receiver: Receiver,
  process: EventHandler,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = () => bytesOf(request, receiver.maxBytes);
    const { status, text } = await receiver.receive({ headers: request.headers, body }, process);
    return new Response(text === '' ? null : text, { status });
  };
}

/** For Hono: `app.post('/webhooks', honoHandler(receiver, process))`. */
export function honoHandler(
  receiver: Receiver,
  process: EventHandler,
): (context: { req: { raw: Request } }) => Promise<Response> {
  const handle = requestHandler(receiver, process);
  return ({ req }) => handle(req.raw);
}

interface ByteReader {
  read: () => Promise<{ value?: Uint8Array }>;
  cancel: () => Promise<void>;
}

async function bytesOf(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed) {
    throw new TypeError('The body of this request was read before: its bytes are needed to verify it.');
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader() as ByteReader | undefined;
  const next = () =>
    reader?.read().catch(() => {
      throw interrupted();
    });
  for (let part = await next(); part?.value; part = await next()) {
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw tooLarge(maxBytes);
    }
    chunks.push(part.value);
  }
  return concat(chunks, length);
}

export function tooLarge(maxBytes: number): RejectedWebhook {
  return new RejectedWebhook('too_large', `The body has more than ${maxBytes} bytes.`);
}

/** Not an error of the receiver's: anybody may hang up. */
export function interrupted(): RejectedWebhook {
  return new RejectedWebhook('malformed', 'The connection ended before the body did.');
}

export function concat(chunks: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
