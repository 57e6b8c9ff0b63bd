import {
  ResponseParser,
  ResponseParseError,
  type ResponseHandler,
} from '../../src/outbound/response-parser.js';

/** Everything a listener hears, in a form that does not depend on how the bytes came. */
export interface ParsedResponse {
  interim: number;
  status: number | null;
  headers: [string, string][];
  body: string;
  /** Null until the answer is whole. */
  keepMs: number | null;
  fault: string | null;
}

/** Reads one answer from these pieces; `closed` when the server hangs up behind them. */
export function parseResponse(pieces: readonly string[], { closed = false } = {}): ParsedResponse {
  const heard: ParsedResponse = {
    interim: 0,
    status: null,
    headers: [],
    body: '',
    keepMs: null,
    fault: null,
  };
  const handler: ResponseHandler = {
    onInterim: () => (heard.interim += 1),
    onStatus: (status, headers) => Object.assign(heard, { status, headers }),
    onBody: (bytes) => (heard.body += bytes.toString('latin1')),
    onEnd: (keepMs) => (heard.keepMs = keepMs),
  };
  const parser = new ResponseParser();
  parser.expect(handler);
  try {
    for (const piece of pieces) if (piece !== '') parser.push(Buffer.from(piece, 'latin1'));
    if (closed) parser.end();
  } catch (error) {
    if (!(error instanceof ResponseParseError)) throw error;
    heard.fault = error.message;
  }
  return heard;
}
