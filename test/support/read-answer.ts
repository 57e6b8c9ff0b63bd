import { AnswerReader, BadAnswer, type AnswerListener } from '../../src/core/answer-reader.js';

/** Everything a listener hears, in a form that does not depend on how the bytes came. */
export interface Heard {
  interim: number;
  status: number | null;
  headers: [string, string][];
  body: string;
  /** Null until the answer is whole. */
  keepMs: number | null;
  fault: string | null;
}

/** Reads one answer from these pieces; `closed` when the server hangs up behind them. */
export function readAnswer(pieces: readonly string[], { closed = false } = {}): Heard {
  const heard: Heard = { interim: 0, status: null, headers: [], body: '', keepMs: null, fault: null };
  const listener: AnswerListener = {
    onInterim: () => (heard.interim += 1),
    onStatus: (status, headers) => Object.assign(heard, { status, headers }),
    onBody: (bytes) => (heard.body += bytes.toString('latin1')),
    onEnd: (keepMs) => (heard.keepMs = keepMs),
  };
  const reader = new AnswerReader();
  reader.expect(listener);
  try {
    for (const piece of pieces) if (piece !== '') reader.push(Buffer.from(piece, 'latin1'));
    if (closed) reader.end();
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    heard.fault = error.message;
  }
  return heard;
}
