import type { Duplex } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { AttemptOutcome } from './attempt-outcome.js';

/** Bytes kept, as of an uncompressed response. */
const MAX_BYTES = 64 * 1024;
/** Applied compressions that are undone. More than one is rare, many are an attack. */
const MAX_CODINGS = 2;

const HEADER = 'content-encoding';
// A truncated body is decompressed as far as it goes.
const ZLIB = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 16 * 1024 };
const BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH, chunkSize: 16 * 1024 };

const DECODERS = new Map<string, (bytes: Buffer) => Duplex>([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  // Some servers omit the two bytes of zlib's header.
  ['deflate', (bytes) => (hasZlibHeader(bytes) ? createInflate(ZLIB) : createInflateRaw(ZLIB))],
  ['br', () => createBrotliDecompress(BROTLI)],
]);

type ResponseParts = Pick<AttemptOutcome, 'responseHeaders' | 'responseBody' | 'truncated'>;

/** Whether the body is compressed in ways that are known here. Posthorn does not ask for it, so it is rare. */
export function isCompressed(response: ResponseParts): boolean {
  return response.responseBody.length > 0 && codingsOf(response).length > 0;
}

/**
 * The outcome with its body decompressed, at most 64 KiB of it, so that people can read it and secrets in it can be
 * masked. Runs outside the event loop. A body that cannot be decompressed is left as it is.
 */
export async function decompress<T extends ResponseParts>(response: T): Promise<T> {
  let { responseBody, truncated } = response;
  for (const coding of codingsOf(response).toReversed()) {
    const plain = await decode(responseBody, coding);
    if (plain === null) return response;
    responseBody = plain.bytes;
    truncated ||= plain.isCut;
  }
  return { ...response, responseBody, truncated };
}

/** The content codings in the order they were applied; empty when one of them is unknown. */
function codingsOf({ responseHeaders }: ResponseParts): string[] {
  const codings: string[] = [];
  for (const [name, value] of responseHeaders) {
    if (name.length === HEADER.length && name.toLowerCase() === HEADER)
      codings.push(...value.toLowerCase().split(',', MAX_CODINGS + 1));
  }
  const applied = codings
    .map((coding) => coding.trim())
    .filter((coding) => !['', 'identity'].includes(coding));
  return applied.length <= MAX_CODINGS && applied.every((coding) => DECODERS.has(coding)) ? applied : [];
}

function decode(bytes: Buffer, coding: string): Promise<{ bytes: Buffer; isCut: boolean } | null> {
  return new Promise((resolve) => {
    const stream = DECODERS.get(coding)?.(bytes);
    if (stream === undefined) return resolve(null);
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (isCut: boolean): void => {
      stream.destroy();
      resolve({ bytes: Buffer.concat(chunks).subarray(0, MAX_BYTES), isCut });
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) finish(true);
    });
    stream.on('end', () => finish(false));
    stream.on('error', () => (size === 0 ? resolve(null) : finish(true)));
    stream.end(bytes);
  });
}

/** RFC 1950: compression method 8, and a check sum of the first two bytes. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
