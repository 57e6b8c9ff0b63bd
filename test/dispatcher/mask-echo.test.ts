import { maskEcho } from '../../src/dispatcher/mask-echo.js';

function bodyOf(body: string | Buffer, headers: Record<string, string>): string {
  return maskEcho({ responseHeaders: [], responseBody: Buffer.from(body) }, headers).body.toString();
}

describe('an answer that gives back the headers it got', () => {
  it('is kept without their values', () => {
    const { headers, body } = maskEcho(
      {
        responseHeaders: [['X-Echo', 'got s3cret-token!']],
        responseBody: Buffer.from('No: s3cret-token, ü'),
      },
      { 'x-token': 's3cret-token' },
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
    expect(maskEcho({ responseHeaders: [], responseBody: body }, { 'x-token': 's3cret-token' }).body).toEqual(
      Buffer.from([0xff, 0x00, ...Buffer.from('***'), 0xfe]),
    );
  });
});
