const MASK = '***';
/** A shorter value, such as a version or a region, is no secret, and masking it would tear texts apart. */
const SECRET_LENGTH = 8;
/** An endpoint that refuses `Bearer <token>` names the token alone. */
const WITH_SCHEME = /^\S+ +(\S+)$/;
/** One escape of a JSON text, or the beginning of one where the text ends. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|u?[0-9a-f]{0,3}$|(.))/isy;
/** JSON inside a string of JSON inside a string of JSON: nobody logs deeper. */
const MAX_READINGS = 4;

/** What nobody may read of a request with these extra headers and these secrets in its body. */
export function secretsToMask(
  headers: Readonly<Record<string, string>>,
  bodySecrets: readonly string[],
): string[] {
  const values = Object.values(headers);
  // Most subscriptions have none.
  if (values.length + bodySecrets.length === 0) return [];
  return (
    values
      .flatMap((value) => [value, WITH_SCHEME.exec(value)?.[1] ?? ''])
      .concat(bodySecrets)
      .filter((value) => value.length >= SECRET_LENGTH)
      // A short one is hidden where it is quoted, as the body has it.
      .concat(bodySecrets.map((secret) => JSON.stringify(secret)))
      // As the bytes of the body have it.
      .map((secret) => Buffer.from(secret).toString('latin1'))
  );
}

/**
 * A header's value, with `***` for every secret of `secretsToMask`, also where JSON escapes parts of it. A text that
 * `isCut` may end inside a secret.
 */
export function maskText(text: string, secrets: readonly string[], isCut = false): string {
  const hidden = readingsOf(text)
    .flatMap((reading) => secrets.flatMap((secret) => placesOf(secret, reading, isCut)))
    .sort(([a], [b]) => a - b);
  let masked = '';
  let done = 0;
  for (const [start, end] of hidden) {
    // Where two overlap, one mask hides both.
    if (start >= done) masked += text.slice(done, start) + MASK;
    done = Math.max(done, end);
  }
  return masked + text.slice(done);
}

/** The same for a body, of which every other byte stays. */
export function maskBytes(bytes: Buffer, secrets: readonly string[], isCut = false): Buffer {
  if (secrets.length === 0) return bytes;
  const text = bytes.toString('latin1');
  const masked = maskText(text, secrets, isCut);
  return masked === text ? bytes : Buffer.from(masked, 'latin1');
}

/** A text as somebody may read it, and where in the original each of its characters begins; at last, where that ends. */
interface Reading {
  text: string;
  at: Uint32Array | null;
}

/** The text as it stands, then without the escapes of JSON, as long as it has some. */
function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ text, at: null }];
  for (let last = readings[0]; last?.text.includes('\\') && readings.length < MAX_READINGS;) {
    last = unescaped(last);
    readings.push(last);
  }
  return readings;
}

function unescaped({ text, at }: Reading): Reading {
  const plain: string[] = [];
  const places = new Uint32Array(text.length + 1);
  let length = 0;
  const take = (chars: string, from: number, step: 0 | 1) => {
    plain.push(chars);
    for (let index = 0; index < chars.length; index += 1, length += 1) {
      const place = from + index * step;
      places[length] = at?.[place] ?? place;
    }
  };
  for (let index = 0; index < text.length;) {
    const slash = text.indexOf('\\', index);
    const end = slash === -1 ? text.length : slash;
    take(text.slice(index, end), index, 1);
    ESCAPE.lastIndex = end;
    const escape = ESCAPE.exec(text);
    if (escape !== null) take(charsOf(escape), end, 0);
    index = end + (escape?.[0].length ?? 0);
  }
  places[length] = at?.[text.length] ?? text.length;
  return { text: plain.join(''), at: places.subarray(0, length + 1) };
}

/** What an escape means, as the bytes of UTF-8 in Latin-1. */
function charsOf([, code, letter = '']: RegExpExecArray): string {
  if (code !== undefined) return Buffer.from(String.fromCharCode(parseInt(code, 16))).toString('latin1');
  // No secret holds a control character.
  return 'bfnrt'.includes(letter) ? '\n'.repeat(letter.length) : letter;
}

/** From where to where in the original a secret stands, or the part of it that a cut has left. */
function placesOf(secret: string, { text, at }: Reading, isCut: boolean): [number, number][] {
  const placeOf = (index: number) => at?.[index] ?? index;
  // A quoted one stays quoted, so that JSON stays JSON.
  const quote = /^".*"$/s.test(secret) ? 1 : 0;
  const places: [number, number][] = [];
  for (let from = text.indexOf(secret); from !== -1; from = text.indexOf(secret, from + secret.length))
    places.push([placeOf(from + quote), placeOf(from + secret.length - quote)]);
  const left = isCut ? lengthLeft(secret, text) : 0;
  if (left > quote && left < secret.length)
    places.push([placeOf(text.length - left + quote), placeOf(text.length)]);
  return places;
}

/** How much of the secret the text ends with. */
function lengthLeft(secret: string, text: string): number {
  let length = Math.min(secret.length, text.length);
  while (!text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}
