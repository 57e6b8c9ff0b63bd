import { redactResponse } from '../../src/dispatcher/attempt/redact-response.js';

const sender = (headers: Record<string, string>) => ({
  ...{ id: 'endpoint', headers, secrets: [] },
  profile: 'native' as const,
});

function bodyOf(body: string | Buffer, headers: Record<string, string>, truncated = false): string {
  const answer = { responseHeaders: [], responseBody: Buffer.from(body), truncated };
  return redactResponse(answer, sender(headers)).body.toString();
}

describe('an answer that gives back the headers it got', () => {
  it('is kept without their values', () => {
    const { headers, body } = redactResponse(
      {
        responseHeaders: [['X-Echo', 'got s3cret-token!']],
        responseBody: Buffer.from('No: s3cret-token, ü'),
        truncated: false,
      },
      sender({ 'x-token': 's3cret-token' }),
    );
    expect(headers).toEqual([['X-Echo', 'got ***!']]);
    expect(body.toString()).toBe('No: ***, ü');
  });

  it('is kept without the token behind a scheme', () => {
    expect(bodyOf('abcdefgh123 is unknown', { authorization: 'Bearer abcdefgh123' })).toBe('*** is unknown');
  });

  it('loses the longer of two values that overlap', () => {
    expect(bodyOf('abcdefgh123', { a: 'abcdefgh', b: 'abcdefgh123' })).toBe('***');
  });

  it('keeps what is too short to be a secret, and bytes that are no text', () => {
    expect(bodyOf('version 2 of eu-west', { v: '2', region: 'eu-west' })).toBe('version 2 of eu-west');
    const body = Buffer.from([0xff, 0x00, ...Buffer.from('s3cret-token'), 0xfe]);
    const answer = { responseHeaders: [], responseBody: body, truncated: false };
    expect(redactResponse(answer, sender({ 'x-token': 's3cret-token' })).body).toEqual(
      Buffer.from([0xff, 0x00, ...Buffer.from('***'), 0xfe]),
    );
  });

  it.each([
    ['as every JSON writer must', JSON.stringify('sup"er-se\\cret/+<é')],
    ['with slashes escaped', '"sup\\"er-se\\\\cret\\/+<é"'],
    ['with code points', '"sup\\u0022er-se\\u005Ccret/\\u002B\\u003c\\u00e9"'],
    ['inside JSON inside of JSON', JSON.stringify(JSON.stringify('sup"er-se\\cret/+<é')).slice(3, -3)],
  ])('is kept without a value that JSON escapes: %s', (_how, echoed) => {
    const bare = echoed.replace(/^"|"$/g, '');
    expect(bodyOf(`{"a\\n":"${bare}","b":"\\u00fc"}`, { 'x-token': 'sup"er-se\\cret/+<é' })).toBe(
      '{"a\\n":"***","b":"\\u00fc"}',
    );
  });

  it('is kept without the part of a value that its cut has left', () => {
    const headers = { 'x-token': 'sup"er-secret', authorization: 'Bearer abcdefgh123' };
    expect(bodyOf('x-tok: sup"er-sec', headers, true)).toBe('x-tok: ***');
    expect(bodyOf('x-tok: s', headers, true)).toBe('x-tok: ***');
    expect(bodyOf('{"x-tok":"sup\\"er', headers, true)).toBe('{"x-tok":"***');
    expect(bodyOf('{"x-tok":"sup\\u002', headers, true)).toBe('{"x-tok":"***');
    expect(bodyOf('auth: Bearer abcd', headers, true)).toBe('auth: ***');
    expect(bodyOf('sup"er-secret', headers, true)).toBe('***');
    expect(bodyOf('x-tok: sup"er-sec', headers)).toBe('x-tok: sup"er-sec');
    expect(bodyOf('all is well', headers, true)).toBe('all is well');
  });

  it('is kept without the values of now, not of a version before', () => {
    const answer = {
      responseHeaders: [],
      responseBody: Buffer.from('first-value second-value'),
      truncated: false,
    };
    for (const [value, shown] of [
      ['first-value', '*** second-value'],
      ['second-value', 'first-value ***'],
    ] as const) {
      const endpoint = sender({ 'x-token': value });
      expect(redactResponse(answer, endpoint).body.toString()).toBe(shown);
      expect(redactResponse(answer, endpoint).body.toString()).toBe(shown);
    }
    expect(redactResponse(answer, sender({})).body).toBe(answer.responseBody);
  });
});
