/** Bytes in a buffer of their own, as Web Crypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text);

export function join(first: Bytes, second: Bytes): Bytes {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The bytes of a body, whatever form it came in. */
export function toBytes(body: string | ArrayBuffer | ArrayBufferView): Bytes {
  if (typeof body === 'string') return utf8(body);
  // Web Crypto refuses memory that is shared between threads.
  if (ArrayBuffer.isView(body)) {
    const view = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    return body.buffer instanceof ArrayBuffer ? (view as Bytes) : new Uint8Array(view);
  }
  return new Uint8Array(body);
}

/** Null unless the text is base64. */
export function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Null unless the text is hexadecimal, two digits a byte. */
export function fromHex(text: string): Bytes | null {
  if (!/^(?:[\da-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Takes the same time wherever they differ. Their length is no secret. */
export function equal(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
