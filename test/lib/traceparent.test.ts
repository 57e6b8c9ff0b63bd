import { readTraceContext, splitTraceContext, traceIdOf } from '../../src/lib/traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const VALID = `00-${TRACE}-${SPAN}-01`;

describe('a trace context', () => {
  it.each([
    [VALID, undefined, VALID],
    [VALID, '', VALID],
    [` ${VALID} `, 'a=1,b=2', `${VALID} a=1,b=2`],
    [`00-${TRACE}-${SPAN}-00`, undefined, `00-${TRACE}-${SPAN}-00`],
    // A version to come: its first four parts are as today's.
    [`cc-${TRACE}-${SPAN}-01`, undefined, VALID],
    [`cc-${TRACE}-${SPAN}-01-more`, undefined, VALID],
    // A tracestate that is no header's text, or too long, is left out.
    [VALID, 'a=\u00e9', VALID],
    [VALID, `a=${'x'.repeat(511)}`, VALID],
    [VALID, ['a=1'], VALID],
  ])('%j with %j is read', (traceparent, tracestate, stored) => {
    expect(readTraceContext(traceparent, tracestate)).toBe(stored);
  });

  it.each([
    undefined,
    '',
    'x',
    [VALID],
    VALID.toUpperCase(),
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01x`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    // Two headers, as Node joins them.
    `${VALID}, ${VALID}`,
    `${VALID}\nx`,
  ])('%j is none', (traceparent) => {
    expect(readTraceContext(traceparent, 'a=1')).toBeNull();
  });

  it('is taken apart again', () => {
    expect(splitTraceContext(`${VALID} a=1, b=2`)).toEqual({ traceparent: VALID, tracestate: 'a=1, b=2' });
    expect(splitTraceContext(VALID)).toEqual({ traceparent: VALID, tracestate: null });
    expect(traceIdOf(`${VALID} a=1`)).toBe(TRACE);
  });
});
