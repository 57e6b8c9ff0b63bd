import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** Characters that are written together. */
export const CHUNK = 65_536;
/** How long a reader may take nothing before its share of the exports goes to somebody else, milliseconds. */
const STALL_MS = 120_000;

/**
 * A stream of these texts that asks for the next one only as fast as it is read. An error ends it without an end: the
 * connection is destroyed. `onEnd` is called once, however it ends.
 */
export function streamOf(
  chunks: AsyncIterable<string>,
  onEnd: (error: Error | null) => void,
  stallMs = STALL_MS,
): Readable {
  const stream: Readable = Readable.from(
    watchingStalls(chunks, stallMs, () => stream.destroy(new Stalled(stallMs))),
    { objectMode: false, highWaterMark: 2 * CHUNK },
  );
  stream.on('error', (error) => onEnd(error));
  stream.on('close', () => onEnd(null));
  return stream;
}

/** Whoever asked does not read. */
export class Stalled extends Error {
  constructor(stallMs: number) {
    super(`Nothing was read for ${stallMs / 1_000} s.`);
  }
}

/** The same, compressed. Each ends with the other. */
export function gzipped(source: Readable): Readable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  source.on('error', (error) => gzip.destroy(error));
  gzip.on('close', () => source.destroy());
  return source.pipe(gzip);
}

/** Whether a client takes gzip, by its `Accept-Encoding` (RFC 9110). */
export function takesGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((offer) => offer.split(';').map((part) => part.trim()));
  const named = offers.find(([coding]) => coding === 'gzip') ?? offers.find(([coding]) => coding === '*');
  return named !== undefined && !named.slice(1).some((weight) => /^q=0(?:\.0*)?$/.test(weight));
}

async function* watchingStalls(
  chunks: AsyncIterable<string>,
  stallMs: number,
  onStall: () => void,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    const timer = setTimeout(onStall, stallMs).unref();
    try {
      yield chunk;
    } finally {
      clearTimeout(timer);
    }
  }
}
