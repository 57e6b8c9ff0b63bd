import { TOKEN } from '../core/header-rules.js';

/** Handles the parts of one response, which come in this order. */
export interface ResponseHandler {
  /** An interim response (1xx); the final one follows. */
  onInterim(status: number): void;
  /** The final status. Headers are added to the array as they come, so those before an error are there. In Latin-1. */
  onStatus(status: number, headers: [string, string][]): void;
  /** The next bytes of the body, without its framing. They are valid only until this returns. */
  onBody(bytes: Buffer): void;
  /** The response is complete. `keepMs`: for how long the connection may be reused, milliseconds; 0: not at all. */
  onEnd(keepMs: number): void;
}

/**
 * The bytes are not a response by RFC 9112. `message` is for the delivery log and contains nothing that the server
 * sent.
 */
export class ResponseParseError extends Error {
  override name = 'ResponseParseError';
}

/** Bytes of the status line and headers, and again of the trailers after a chunked body. */
const MAX_HEAD_BYTES = 32 * 1024;
/** Bytes of the line before a chunk: its size, and extensions that are ignored. */
const MAX_SIZE_LINE_BYTES = 1_024;

/** How long to keep a connection by default, milliseconds: less than the 5 s of Node's own servers. */
const KEEP_MS = 4_000;
/** A server's `keep-alive` hint counts up to this, and ends so much earlier, milliseconds. */
const MAX_KEEP_MS = 10_000;
const HINT_MARGIN_MS = 1_000;

const NOT_HTTP = 'The response does not begin with an HTTP/1.1 status line.';
const TOO_LONG = {
  head: 'The response headers are too long.',
  chunk: 'The size line of a response chunk is too long.',
};

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
/** A complete status line, to check whether the beginning of a line may become one. */
const SAMPLE = 'HTTP/1.1 200';
/** Control characters except the tab: a line may not contain them. */
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/;
const LENGTH = /^\d{1,15}$/;
const CHUNK_SIZE = /^([0-9a-f]{1,13})[ \t]*(?:;|$)/i;
const CHUNKED = /(?:^|,)[ \t]*chunked$/i;
const KEEP_ALIVE_TIMEOUT = /(?:^|[\s,;])timeout *= *"?(\d{1,9})/i;

type ParserState =
  /** Before a status line; empty lines may come first. */
  | 'status line'
  | 'headers'
  | 'body of a length'
  | 'body until the end'
  | 'chunk size'
  | 'chunk'
  | 'end of a chunk'
  | 'trailers'
  /** Nothing is expected. */
  | 'idle';

/**
 * Parses the responses on one connection, one for each request, from pieces of any size. Strict about what frames a
 * message, and as lenient about the rest as RFC 9112 allows (ADR 6).
 */
export class ResponseParser {
  private handler: ResponseHandler | null = null;
  private state: ParserState = 'idle';
  /** The beginning of an incomplete line. */
  private partialLine = '';
  /** How many more bytes of lines are accepted. */
  private bytesAllowed = 0;
  private isHttp10 = false;
  private status = 0;
  private headers: [string, string][] = [];
  /** The remaining bytes of the body, or of the current chunk. */
  private bodyBytesLeft = 0;
  private keepMs = 0;

  /** A request is sent: the next bytes are its response. */
  expect(handler: ResponseHandler): void {
    this.handler = handler;
    this.state = 'status line';
    this.partialLine = '';
    this.bytesAllowed = MAX_HEAD_BYTES;
  }

  /** Ignores the rest of the current response. */
  stop(): void {
    this.handler = null;
    this.state = 'idle';
  }

  /** Throws `ResponseParseError` as soon as the bytes cannot be a response, and for bytes without a request. */
  push(chunk: Buffer): void {
    // One character for each byte, so that positions are the same in both.
    let text: string | null = null;
    for (let at = 0; at < chunk.length;) {
      if (this.handler === null) throw new ResponseParseError('Data followed the end of the response.');
      if (this.isInBody()) at = this.readBody(this.handler, chunk, at);
      else at = this.readLine(this.handler, (text ??= chunk.toString('latin1')), at);
    }
  }

  /** The server has closed its side. Returns whether that completed a response. */
  end(): boolean {
    if (this.state !== 'body until the end') return false;
    this.finish(0);
    return true;
  }

  private isInBody(): boolean {
    return this.state === 'body of a length' || this.state === 'chunk' || this.state === 'body until the end';
  }

  private readBody(handler: ResponseHandler, chunk: Buffer, at: number): number {
    const end =
      this.state === 'body until the end' ? chunk.length : Math.min(chunk.length, at + this.bodyBytesLeft);
    this.bodyBytesLeft -= end - at;
    handler.onBody(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (this.bodyBytesLeft > 0 || this.state === 'body until the end') return end;
    if (this.state === 'chunk') this.state = 'end of a chunk';
    else this.finish(this.keepMs);
    return end;
  }

  private readLine(handler: ResponseHandler, text: string, at: number): number {
    const end = text.indexOf('\n', at);
    const isWhole = end >= 0;
    const part = text.slice(at, isWhole ? end : undefined);
    this.bytesAllowed -= isWhole ? part.length + 1 : part.length;
    if (this.bytesAllowed < 0)
      throw new ResponseParseError(TOO_LONG[this.state === 'chunk size' ? 'chunk' : 'head']);
    this.partialLine += part;
    if (isWhole) {
      const line = stripCarriageReturn(this.partialLine);
      this.partialLine = '';
      this.handleLine(handler, line);
    } else if (this.state === 'status line') this.checkStatusLinePrefix();
    return isWhole ? end + 1 : text.length;
  }

  /** Fails early when the first line cannot be a status line: another protocol may never send a line's end. */
  private checkStatusLinePrefix(): void {
    const beginning = stripCarriageReturn(this.partialLine);
    if (beginning !== '' && !STATUS_LINE.test(beginning + SAMPLE.slice(beginning.length)))
      throw new ResponseParseError(NOT_HTTP);
  }

  private handleLine(handler: ResponseHandler, line: string): void {
    if (CONTROL.test(line)) throw new ResponseParseError('A response header contains a control character.');
    switch (this.state) {
      case 'status line':
        return this.parseStatusLine(handler, line);
      case 'headers':
        return line === '' ? this.endHead(handler) : this.parseHeader(line);
      case 'chunk size':
        return this.parseChunkSize(line);
      case 'end of a chunk':
        if (line !== '') throw new ResponseParseError('A response chunk is longer than its size line says.');
        return this.expectChunk();
      default:
        // Trailers are ignored.
        if (line === '') this.finish(this.keepMs);
    }
  }

  private parseStatusLine(handler: ResponseHandler, line: string): void {
    if (line === '') return;
    const found = STATUS_LINE.exec(line);
    if (found === null) throw new ResponseParseError(NOT_HTTP);
    this.isHttp10 = found[1] === '0';
    this.status = Number(found[2]);
    this.headers = [];
    this.state = 'headers';
    if (!this.isInterim()) handler.onStatus(this.status, this.headers);
  }

  private parseHeader(line: string): void {
    const last = this.headers.at(-1);
    if (last !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) {
      // An obsolete folded header: by RFC 9112 it is read as one line.
      const more = trimBlanks(line);
      last[1] += last[1] === '' || more === '' ? more : ` ${more}`;
      return;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!TOKEN.test(name)) throw new ResponseParseError('A response header has an invalid name.');
    this.headers.push([name, trimBlanks(line.slice(colon + 1))]);
  }

  private endHead(handler: ResponseHandler): void {
    const { status, headers } = this;
    if (this.isInterim()) {
      handler.onInterim(status);
      // The handler may have stopped the parser.
      if (this.handler === handler) this.expect(handler);
      return;
    }
    this.keepMs = keepMsOf(headers, this.isHttp10);
    // Section 6.3: what follows is of another protocol, which nobody asked for.
    if (status === 101) return this.finish(0);
    // RFC 9112, section 6.3: these have no body, whatever their headers say.
    if (status === 204 || status === 304) return this.finish(seemsEmpty(status, headers) ? this.keepMs : 0);
    const framing = framingOf(headers);
    // Section 6.1: HTTP/1.0 has no chunks, so the framing of such a connection cannot be trusted after this response.
    if (this.isHttp10 && framing.isCoded) this.keepMs = 0;
    this.bodyBytesLeft = framing.length ?? 0;
    if (framing.length === 0) this.finish(this.keepMs);
    else if (framing.isChunked) this.expectChunk();
    else this.state = framing.length === null ? 'body until the end' : 'body of a length';
  }

  /** 101 is treated as final: no other protocol was asked for. */
  private isInterim(): boolean {
    return this.status >= 100 && this.status < 200 && this.status !== 101;
  }

  private expectChunk(): void {
    this.state = 'chunk size';
    this.bytesAllowed = MAX_SIZE_LINE_BYTES;
  }

  private parseChunkSize(line: string): void {
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) throw new ResponseParseError('A response chunk has no valid size.');
    this.bodyBytesLeft = parseInt(size, 16);
    this.state = this.bodyBytesLeft === 0 ? 'trailers' : 'chunk';
    if (this.bodyBytesLeft === 0) this.bytesAllowed = MAX_HEAD_BYTES;
  }

  private finish(keepMs: number): void {
    const { handler } = this;
    this.stop();
    handler?.onEnd(keepMs);
  }
}

interface Framing {
  length: number | null;
  /** Whether there is any transfer coding. */
  isCoded: boolean;
  isChunked: boolean;
}

/** How the body ends: by its length, with the last chunk, or with the connection. */
function framingOf(headers: [string, string][]): Framing {
  const lengths = valuesOf(headers, 'content-length');
  const coded = valuesOf(headers, 'transfer-encoding');
  // Two framings are how responses are smuggled, even when one of them has no effect.
  if (lengths.length > 1 || (lengths.length > 0 && coded.length > 0))
    throw new ResponseParseError('The response has two lengths.');
  const [length] = lengths;
  if (length !== undefined && !LENGTH.test(length))
    throw new ResponseParseError('The response length is not a number.');
  return {
    length: length === undefined ? null : Number(length),
    isCoded: coded.length > 0,
    isChunked: coded.length > 0 && CHUNKED.test(coded.join(',')),
  };
}

/** Whether headers announce a body where none may be. It might be sent, and be read as the next response. */
function seemsEmpty(status: number, headers: [string, string][]): boolean {
  const length = listOf(headers, 'content-length');
  // A 304 has the length that a 200 would have had.
  const isFine = length === '' || length === '0' || (status === 304 && LENGTH.test(length));
  return isFine && listOf(headers, 'transfer-encoding') === '';
}

function keepMsOf(headers: [string, string][], isHttp10: boolean): number {
  const connection = listOf(headers, 'connection');
  if (connection === '') {
    if (isHttp10) return 0;
  } else {
    const wishes = connection.toLowerCase().split(',').map(trimBlanks);
    if (wishes.includes('close') || (isHttp10 && !wishes.includes('keep-alive'))) return 0;
  }
  const hint = KEEP_ALIVE_TIMEOUT.exec(listOf(headers, 'keep-alive'))?.[1];
  if (hint === undefined) return KEEP_MS;
  return Math.min(MAX_KEEP_MS, Math.max(0, Number(hint) * 1_000 - HINT_MARGIN_MS));
}

/** By RFC 9112 a line may end without a carriage return. */
function stripCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Trims spaces and tabs only, unlike `trim`. By hand: a regular expression takes quadratic time on a run of blanks. */
function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t';
}

/** The values of all headers of a name as one list; mostly empty. */
function listOf(headers: [string, string][], name: string): string {
  const values = valuesOf(headers, name);
  return values.length === 0 ? '' : values.join(',');
}

function valuesOf(headers: [string, string][], name: string): string[] {
  const values: string[] = [];
  for (const [each, value] of headers) {
    if (each.length === name.length && each.toLowerCase() === name) values.push(value);
  }
  return values;
}
