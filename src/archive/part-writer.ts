import { once } from 'node:events';
import { createGzip } from 'node:zlib';

/** An object is ended at the next line after so many bytes, compressed or not: one is in memory at a time. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TEXT = 256 * 1024 * 1024;

/** Collects lines into one compressed object. */
export class PartWriter {
  rows = 0;
  private readonly gzip = createGzip();
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private text = 0;

  constructor() {
    this.gzip.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
    });
  }

  get isFull(): boolean {
    return this.bytes >= MAX_BYTES || this.text >= MAX_TEXT;
  }

  async write(lines: string[]): Promise<void> {
    for (const line of lines) {
      this.rows += 1;
      this.text += line.length;
      if (!this.gzip.write(line)) await once(this.gzip, 'drain');
    }
  }

  async end(): Promise<Buffer> {
    this.gzip.end();
    await once(this.gzip, 'end');
    return Buffer.concat(this.chunks);
  }
}
