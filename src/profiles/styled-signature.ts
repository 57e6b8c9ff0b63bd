import { createHmac } from 'node:crypto';
import { publicId } from '../core/ids.js';
import type { AuthenticationInput } from './profile.js';
import {
  SIGNATURE_STYLES,
  type SignatureEncoding,
  type Hash,
  type SignatureStyle,
  type SignatureStyleName,
} from './signature-styles.js';

/** What a subscription says about its signature: a style, and where it differs from that. */
export interface SignatureChoice {
  style: SignatureStyleName;
  /** The signature's header; of `outpost` and `svix` what all headers begin with. Lower case. */
  header?: string;
  hash?: Hash;
  encoding?: SignatureEncoding;
}

/** What can stand in a header as it is. */
const VISIBLE = /^[\x21-\x7e]+$/;

/** The headers of this style over the body. */
export function styledHeaders(choice: SignatureChoice, input: AuthenticationInput): Record<string, string> {
  const style: SignatureStyle = { ...SIGNATURE_STYLES[choice.style], ...withoutStyle(choice) };
  const facts = factsOf(input);
  const nameOf = (name: string) => name.replace('{header}', style.header);
  const values = style.covered.map((name) => filled(style.headers[name] ?? '', facts));
  const known = { ...facts, covered: style.covered.join(' '), values: values.join('.') };
  const signatures = signaturesOf(style, filled(style.prefix, known), input);
  const all = { ...known, signatures };
  return Object.fromEntries(
    Object.entries(style.headers).map(([name, value]) => [nameOf(name), filled(value, all)]),
  );
}

function withoutStyle({ style: _style, ...rest }: SignatureChoice): Partial<SignatureStyle> {
  return rest;
}

/** Receivers know an event by the id that its publisher gave it, where that can stand in a header. */
function factsOf({ eventId, publisherId, type, deliveryId, attemptAt }: AuthenticationInput) {
  const own = publisherId !== null && VISIBLE.test(publisherId) ? publisherId : null;
  return {
    id: own ?? publicId('evt', eventId),
    message: publicId('evt', eventId),
    type: VISIBLE.test(type) ? type : encodeURIComponent(type),
    delivery: publicId('dlv', deliveryId),
    timestamp: String(Math.floor(attemptAt / 1000)),
    time: new Date(attemptAt).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

function signaturesOf(style: SignatureStyle, prefix: string, { body, keys }: AuthenticationInput): string {
  const { hash, encoding, each, separator } = style;
  const signing = separator === null ? keys.slice(0, 1) : keys;
  return signing
    .map((key) => {
      const signature = createHmac(hash, key).update(prefix).update(body).digest(encoding);
      return filled(each, { signature });
    })
    .join(separator ?? '');
}

function filled(text: string, facts: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_all, name: string) => facts[name] ?? '');
}
