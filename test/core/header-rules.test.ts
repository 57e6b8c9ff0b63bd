import { checkHeaders } from '../../src/core/header-rules.js';

function codes(headers: Record<string, string>): string[] {
  return checkHeaders(headers).map((issue) => issue.code);
}

describe('own headers', () => {
  it('are fine with token names and printable values', () => {
    expect(
      checkHeaders({
        Authorization: 'Bearer a.b-c',
        'X-Api-Key': '~!"#$',
        'x_odd|name': 'a  b',
        'x-empty': '',
      }),
    ).toEqual([]);
    expect(checkHeaders({})).toEqual([]);
  });

  it.each([
    'host',
    'Host',
    'Content-Type',
    'content-length',
    'content-encoding',
    'webhook-id',
    'Webhook-Signature',
    'webhook-anything',
    'connection',
    'Keep-Alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'user-agent',
    'HTTP2-Settings',
  ])('never override %s', (name) => {
    expect(checkHeaders({ [name]: 'x' })).toEqual([
      expect.objectContaining({ path: `headers["${name}"]`, code: 'reserved_header' }),
    ]);
  });

  it.each(['', 'a b', 'a:b', 'a\r\nb', 'ü', 'a\u0000', '(x)', ':path', 'a,b'])(
    'have no name like %j',
    (name) => {
      expect(codes({ [name]: 'x' })).toEqual(['invalid_header']);
    },
  );

  it.each(['a\r\nb: c', 'a\nb', 'a\tb', ' a', 'a ', 'ü', '\u0000', '\u007f', '\u2028'])(
    'have no value like %j',
    (value) => {
      expect(codes({ 'x-a': value })).toEqual(['invalid_header']);
    },
  );

  it('have texts as values', () => {
    expect(checkHeaders({ 'x-a': null, 'x-b': 5 }).map((issue) => issue.path)).toEqual([
      'headers["x-a"]',
      'headers["x-b"]',
    ]);
  });

  it('may not stand twice in different cases', () => {
    expect(codes({ 'X-A': '1', 'x-a': '2' })).toEqual(['duplicate_header']);
  });

  it('are at most 50 and at most 8 KiB', () => {
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'v']));
    expect(codes(many(50))).toEqual([]);
    expect(codes(many(51))).toEqual(['too_many_headers']);
    expect(codes({ a: 'x'.repeat(8192 - 5) })).toEqual([]);
    expect(codes({ a: 'x'.repeat(8192 - 4) })).toEqual(['headers_too_large']);
  });
});
