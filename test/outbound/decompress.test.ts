import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decompress, isCompressed } from '../../src/outbound/decompress.js';

const TEXT = '{"error":"no such list","ü":1}';

function answer(coding: string | string[], responseBody: Buffer, truncated = false) {
  const responseHeaders = [coding].flat().map((value): [string, string] => ['Content-Encoding', value]);
  return { responseHeaders, responseBody, truncated };
}

describe('an answer that is compressed', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity, gzip', gzipSync(TEXT)],
    ['deflate, gzip', gzipSync(deflateSync(TEXT))],
    [['br', 'gzip'], gzipSync(brotliCompressSync(TEXT))],
  ])('with %j is shown as text', async (coding, body) => {
    const given = answer(coding, body);
    expect(isCompressed(given)).toBe(true);
    const plain = await decompress(given);
    expect(plain.responseBody.toString()).toBe(TEXT);
    expect(plain).toMatchObject({ truncated: false, responseHeaders: given.responseHeaders });
  });

  it('without the header of zlib is shown as text, also where it happens to begin with its check sum', async () => {
    const looksLikeZlib = (body: Buffer) => body.readUInt16BE(0) % 31 === 0;
    const texts = Array.from({ length: 5_000 }, (_none, n) => `${n * n}`.repeat(9));
    const text = texts.find((one) => looksLikeZlib(deflateRawSync(one))) ?? '';
    expect(text).not.toBe('');
    const plain = await decompress(answer('deflate', deflateRawSync(text)));
    expect(plain.responseBody.toString()).toBe(text);
  });

  it('and was cut is shown as far as it goes', async () => {
    const text = Array.from({ length: 5_000 }, (_, n) => `${n * n}`).join(' ');
    for (const [coding, body] of [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
    ] as const) {
      const plain = await decompress(answer(coding, body.subarray(0, body.length / 2), true));
      expect(plain.truncated).toBe(true);
      expect(plain.responseBody.length).toBeGreaterThan(1_000);
      expect(text.startsWith(plain.responseBody.toString())).toBe(true);
    }
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(60_000_000))],
    ['deflate', deflateSync(Buffer.alloc(60_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(60_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(60_000_000)))],
  ])('and would fill the memory is cut at 64 KiB (%s)', async (coding, body) => {
    const before = process.memoryUsage().arrayBuffers;
    const plain = await decompress(answer(coding, body.subarray(0, 65_536)));
    expect(plain.responseBody).toHaveLength(65_536);
    expect(plain.truncated).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });

  it.each([
    ['nonsense', 'gzip', Buffer.from('no gzip')],
    ['nonsense', 'br', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['another coding', 'zstd', Buffer.from('x')],
    ['three codings', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(TEXT)))],
    ['codings without an end', Array(1_000).fill('gzip').join(','), gzipSync(TEXT)],
    ['a name of Object', 'constructor', Buffer.from('x')],
  ])('and cannot be read stays as it came: %s', async (_, coding, body) => {
    const given = answer(coding, body);
    expect(await decompress(given)).toEqual(given);
  });

  it('and breaks in the middle is shown up to there', async () => {
    const body = gzipSync(Buffer.from(TEXT.repeat(4_000)), { level: 0 });
    body.fill(0xff, 70_000, 70_100);
    const plain = await decompress(answer('gzip', body));
    expect(plain.responseBody.length).toBeGreaterThan(1_000);
    expect(plain.truncated).toBe(true);
  });
});

it('an answer that is not compressed is not looked at', () => {
  expect(isCompressed({ ...answer('gzip', Buffer.alloc(0)) })).toBe(false);
  expect(isCompressed(answer('identity', Buffer.from('x')))).toBe(false);
  expect(isCompressed(answer([], Buffer.from('x')))).toBe(false);
});
