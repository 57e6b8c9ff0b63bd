import { createHmac, randomBytes } from 'node:crypto';
import { hmacSha256 } from '../../src/lib/hmac-sha256.js';

function expected(key: Buffer, prefix: string, body: Buffer, encoding: 'base64' | 'hex'): string {
  return createHmac('sha256', key).update(prefix).update(body).digest(encoding);
}

describe('HMAC-SHA256', () => {
  it('has the first test vector of RFC 4231', () => {
    expect(hmacSha256(Buffer.alloc(20, 0x0b), 'Hi ', Buffer.from('There'), 'hex')).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
  });

  it.each([0, 1, 31, 32, 63, 64, 65, 131])('is that of node:crypto for a key of %i bytes', (length) => {
    const key = randomBytes(length);
    for (const size of [0, 1, 55, 64, 1_000, 16_000, 16_383, 16_384, 16_385, 300_000]) {
      const body = randomBytes(size);
      for (const prefix of ['', 'evt_1.1700000000.', 'ü€😀.']) {
        expect(hmacSha256(key, prefix, body, 'base64')).toBe(expected(key, prefix, body, 'base64'));
        expect(hmacSha256(key, prefix, body, 'hex')).toBe(expected(key, prefix, body, 'hex'));
      }
    }
  });

  it('keeps nothing of the signature before', () => {
    hmacSha256(Buffer.alloc(64, 0xff), 'a longer prefix', Buffer.alloc(500, 1), 'hex');
    const [key, body] = [Buffer.from('short'), Buffer.from('{}')];
    expect(hmacSha256(key, '', body, 'hex')).toBe(expected(key, '', body, 'hex'));
  });
});
