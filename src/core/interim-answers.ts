/** The beginning of an interim answer's status line, and one as long as any. */
const INTERIM = /^HTTP\/1\.[01] 1\d\d$/;
const SAMPLE = 'HTTP/1.1 100';
/** Where the version's second digit stands in it, and the status' last one. */
const MINOR = 7;
const LAST_DIGIT = 11;

const CR = 13;
const LF = 10;
const NOTHING = Buffer.alloc(0);

/**
 * Makes interim answers readable for undici. RFC 9110 wants every 1xx answer understood, also a 100 that nobody asked for,
 * which some servers send. undici 7 takes that one for an attack and an HTTP/1.0 for the connection's last words, and
 * closes the connection. So it gets to read each as a 102 of HTTP/1.1, which it skips like all others.
 *
 * It follows the bytes of one connection from a request to its final status line, and changes nothing but status lines.
 */
export class InterimAnswers {
  private place: 'status line' | 'headers' | 'elsewhere' = 'elsewhere';
  /** A status line's beginning that does not tell yet what it is. */
  private held: Buffer = NOTHING;
  private isLineEmpty = false;

  /** A request leaves: the next bytes are its answer's. */
  expect(): void {
    this.place = 'status line';
    this.held = NOTHING;
  }

  /** What undici shall read for these bytes, changed in place. Empty when only more of them will tell. */
  pass(chunk: Buffer): Buffer {
    if (this.place === 'elsewhere') return chunk;
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = NOTHING;
    for (let at = 0; at < bytes.length;) {
      at = this.place === 'headers' ? this.afterHeaders(bytes, at) : this.afterStatus(bytes, at);
    }
    return this.held.length === 0 ? bytes : bytes.subarray(0, bytes.length - this.held.length);
  }

  /** Up to the headers of an interim answer; past everything when this is none. */
  private afterStatus(bytes: Buffer, from: number): number {
    let at = from;
    // Empty lines before an answer are passed over by undici, too.
    while (bytes[at] === CR || bytes[at] === LF) at += 1;
    const text = bytes.toString('latin1', at, at + SAMPLE.length);
    if (!INTERIM.test(text + SAMPLE.slice(text.length))) {
      this.place = 'elsewhere';
      return bytes.length;
    }
    if (text.length < SAMPLE.length) {
      this.held = bytes.subarray(at);
      return bytes.length;
    }
    bytes.write('1', at + MINOR);
    if (text.endsWith('100')) bytes.write('2', at + LAST_DIGIT);
    this.place = 'headers';
    this.isLineEmpty = false;
    return at + SAMPLE.length;
  }

  /** Up to the empty line, after which the next status line begins: an interim answer has no body. */
  private afterHeaders(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      if (bytes[at] === LF) {
        if (this.isLineEmpty) {
          this.place = 'status line';
          return at + 1;
        }
        this.isLineEmpty = true;
      } else if (bytes[at] !== CR) this.isLineEmpty = false;
    }
    return bytes.length;
  }
}
