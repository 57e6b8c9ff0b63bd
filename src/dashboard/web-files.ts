import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { encodingFor } from '../http/compress-answers.js';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(?:text|application)\/|svg/;
/** Smaller ones fit one packet as they are. */
const MIN_BYTES = 1_024;
/** Vite names these after what is in them: another content is another file. */
const HASHED = /^assets\/.+-[\w-]{8,}\.\w+$/;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** One file of the built web app, in memory: there are few, and no path from outside ever reaches the disk. */
export class WebFile {
  readonly type: string;
  readonly etag: string;
  readonly isImmutable: boolean;
  private readonly encoded = new Map<ContentEncoding, Promise<Buffer>>();

  constructor(
    path: string,
    readonly body: Buffer,
    /** What the build made of it with brotli. */
    smallest?: Buffer,
  ) {
    if (smallest) this.encoded.set('br', Promise.resolve(smallest));
    this.type = TYPES[extname(path)] ?? 'application/octet-stream';
    this.etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    this.isImmutable = HASHED.test(path);
  }

  /** The best form for an `Accept-Encoding` header. */
  encodingFor(accepted: string | undefined): ContentEncoding {
    if (this.body.length < MIN_BYTES || !COMPRESSIBLE.test(this.type)) return 'identity';
    return encodingFor(accepted) ?? 'identity';
  }

  /** Compressed by the build or at the first request for it, and then kept. */
  bytes(encoding: ContentEncoding): Promise<Buffer> {
    const known = this.encoded.get(encoding);
    if (known) return known;
    const made = compress(this.body, encoding);
    this.encoded.set(encoding, made);
    return made;
  }
}

function compress(body: Buffer, encoding: ContentEncoding): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(body);
  if (encoding === 'identity') return Promise.resolve(body);
  return compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

/** The files below a folder by their path in it; null when there is no web app. */
export function readWebFiles(folder: string): Map<string, WebFile> | null {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bodies = new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length + 1).replaceAll(sep, '/'), readFileSync(file)];
    }),
  );
  return new Map(
    [...bodies]
      .filter(([path]) => !path.endsWith('.br'))
      .map(([path, body]) => [path, new WebFile(path, body, bodies.get(`${path}.br`))]),
  );
}
