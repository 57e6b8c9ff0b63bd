import { TOKEN } from '../core/header-rules.js';

/** Hears what a server answers to one request, in this order. */
export interface ResponseHandler {
  /** A 1xx status came, which only says that another one follows. */
  onInterim(): void;
  /**
   * The final status. The headers follow into this array as they come, in order, so what came before a fault is there. Latin-1
   * keeps each of their bytes.
   */
  onStatus(status: number, headers: [string, string][]): void;
  /** The body's next bytes, without what frames them; they may be gone when this returns. */
  onBody(bytes: Buffer): void;
  /** The answer is whole. `keepMs`: how long the connection may be kept for another request, milliseconds; 0: not at all. */
  onEnd(keepMs: number): void;
}

/** The bytes are no answer by RFC 9112. `message` is a sentence for the delivery log, without anything the server said. */
export class ResponseParseError extends Error {
  override name = 'ResponseParseError';
}

/** Status line and headers, and again what follows a chunked body. */
const MAX_HEAD_BYTES = 32 * 1024;
/** The line before a chunk says its size; what else may stand there says nothing to us. */
const MAX_SIZE_LINE_BYTES = 1_024;

/** Shorter than the 5 s after which Node's own servers hang up. */
const KEEP_MS = 4_000;
/** A server's hint counts up to here, and ends this much earlier than the server thinks. */
const MAX_KEEP_MS = 10_000;
const HINT_MARGIN_MS = 1_000;

const NOT_HTTP = 'The answer does not begin with a status line of HTTP/1.1.';
const TOO_LONG = {
  head: "The answer's headers are too long.",
  chunk: 'A line before a chunk of the answer is too long.',
};

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
/** A status line as long as it tells one, to complete the beginning of one with. */
const SAMPLE = 'HTTP/1.1 200';
/** Control characters but the tab: none of them may stand in a line. */
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/;
const LENGTH = /^\d{1,15}$/;
const CHUNK_SIZE = /^([0-9a-f]{1,13})[ \t]*(?:;|$)/i;
const CHUNKED = /(?:^|,)[ \t]*chunked$/i;
const KEEP_ALIVE_TIMEOUT = /(?:^|[\s,;])timeout *= *"?(\d{1,9})/i;

type ParserState =
  /** Before a status line, which may come after empty lines. */
  | 'status line'
  | 'headers'
  | 'body of a length'
  | 'body until the end'
  | 'chunk size'
  | 'chunk'
  | 'end of a chunk'
  | 'trailers'
  /** Nothing is expected. */
  | 'elsewhere';

/**
 * Reads the answers on one connection, one for each request, in whatever pieces they come. As strict as RFC 9112 wants
 * a recipient to be about what frames a message, and as lenient as it allows about the rest.
 */
export class ResponseParser {
  private handler: ResponseHandler | null = null;
  private state: ParserState = 'elsewhere';
  /** The beginning of a line whose end has not come. */
  private partialLine = '';
  /** How many more bytes of lines may come. */
  private bytesAllowed = 0;
  private isHttp10 = false;
  private status = 0;
  private headers: [string, string][] = [];
  /** How much of the body, or of a chunk of it, is still to come. */
  private bodyBytesLeft = 0;
  private keepMs = 0;

  /** A request leaves: the next bytes are its answer's. */
  expect(handler: ResponseHandler): void {
    this.handler = handler;
    this.state = 'status line';
    this.partialLine = '';
    this.bytesAllowed = MAX_HEAD_BYTES;
  }

  /** Nobody wants to hear more of the answer under way. */
  stop(): void {
    this.handler = null;
    this.state = 'elsewhere';
  }

  /** Throws `BadAnswer` as soon as the bytes cannot be an answer any more, also for bytes that nobody asked for. */
  push(chunk: Buffer): void {
    // A character for each byte, so that places in one are places in the other.
    let text: string | null = null;
    for (let at = 0; at < chunk.length;) {
      if (this.handler === null) throw new ResponseParseError('More came than an answer.');
      if (this.isInBody()) at = this.readBody(this.handler, chunk, at);
      else at = this.readLine(this.handler, (text ??= chunk.toString('latin1')), at);
    }
  }

  /** The server has closed its side. Gives whether that was the end of an answer. */
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

  /** Another protocol may never send the end of a line. */
  private checkStatusLinePrefix(): void {
    const beginning = stripCarriageReturn(this.partialLine);
    if (beginning !== '' && !STATUS_LINE.test(beginning + SAMPLE.slice(beginning.length)))
      throw new ResponseParseError(NOT_HTTP);
  }

  private handleLine(handler: ResponseHandler, line: string): void {
    if (CONTROL.test(line))
      throw new ResponseParseError('A line of the answer has a control character in it.');
    switch (this.state) {
      case 'status line':
        return this.parseStatusLine(handler, line);
      case 'headers':
        return line === '' ? this.endHead(handler) : this.parseHeader(line);
      case 'chunk size':
        return this.parseChunkSize(line);
      case 'end of a chunk':
        if (line !== '') throw new ResponseParseError('A chunk of the answer is longer than it says.');
        return this.expectChunk();
      default:
        // Trailers say nothing that we want to know.
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
      // Folded, as it once was allowed: RFC 9112 has it read as one line.
      const more = trimBlanks(line);
      last[1] += last[1] === '' || more === '' ? more : ` ${more}`;
      return;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!TOKEN.test(name)) throw new ResponseParseError('A header of the answer has no proper name.');
    this.headers.push([name, trimBlanks(line.slice(colon + 1))]);
  }

  private endHead(handler: ResponseHandler): void {
    const { status, headers } = this;
    if (this.isInterim()) {
      handler.onInterim();
      // A listener may have had enough.
      if (this.handler === handler) this.expect(handler);
      return;
    }
    this.keepMs = keepMsOf(headers, this.isHttp10);
    // RFC 9112, section 6.3: these end here, whatever else their headers say.
    if (status === 204 || status === 304) return this.finish(seemsEmpty(status, headers) ? this.keepMs : 0);
    const framing = framingOf(headers);
    // Section 6.1: HTTP/1.0 knows no chunks, so who sends them may be wrong about the rest of the connection, too.
    if (this.isHttp10 && framing.isCoded) this.keepMs = 0;
    this.bodyBytesLeft = framing.length ?? 0;
    if (framing.length === 0) this.finish(this.keepMs);
    else if (framing.isChunked) this.expectChunk();
    else this.state = framing.length === null ? 'body until the end' : 'body of a length';
  }

  /** 101 is final: nobody asked for another protocol. */
  private isInterim(): boolean {
    return this.status >= 100 && this.status < 200 && this.status !== 101;
  }

  private expectChunk(): void {
    this.state = 'chunk size';
    this.bytesAllowed = MAX_SIZE_LINE_BYTES;
  }

  private parseChunkSize(line: string): void {
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) throw new ResponseParseError('A chunk of the answer does not say its size.');
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
  /** There is a transfer coding, whichever. */
  isCoded: boolean;
  isChunked: boolean;
}

/** How the body ends: after a length, with a last chunk, or with the connection. */
function framingOf(headers: [string, string][]): Framing {
  const lengths = valuesOf(headers, 'content-length');
  const coded = valuesOf(headers, 'transfer-encoding');
  // Two ways to tell where an answer ends are how answers are smuggled, also where one of them says nothing.
  if (lengths.length > 1 || (lengths.length > 0 && coded.length > 0))
    throw new ResponseParseError('The answer tells its length twice.');
  const [length] = lengths;
  if (length !== undefined && !LENGTH.test(length))
    throw new ResponseParseError("The answer's length is no number.");
  return {
    length: length === undefined ? null : Number(length),
    isCoded: coded.length > 0,
    isChunked: coded.length > 0 && CHUNKED.test(coded.join(',')),
  };
}

/** Who announces a body where none may be might send it, too, and it would be read as the next request's answer. */
function seemsEmpty(status: number, headers: [string, string][]): boolean {
  const length = listOf(headers, 'content-length');
  // A 304 tells the length that a 200 would have had.
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

/** A line may end without the carriage return, says RFC 9112. */
function stripCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/**
 * Spaces and tabs only: `trim` takes more than that away. By hand, since a regular expression for blanks at an end goes through
 * a run of them in the middle once for each of them: 32 KB of that kept a worker busy for over a second.
 */
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

/** What may stand in several headers of a name, as one list; empty when none does, which is mostly so. */
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
