/**
 * How a request's signature looks. Texts have names in braces: `{id}` (the publisher's, where it has one), `{message}`
 * (ours), `{delivery}`, `{type}`, `{timestamp}` (Unix seconds), `{time}` (ISO 8601); in `headers` also `{signatures}`,
 * and `{covered}`: the names of the headers that are signed, too.
 */
export interface SignatureStyle {
  /** What stands before the body in the text that is signed. `{values}`: those of the signed headers. */
  prefix: string;
  /** One signature in the header; `{signature}` is the HMAC. */
  each: string;
  /** Between the signatures of several live secrets; null: only the newest signs. */
  separator: string | null;
  /** In this order. `{header}` in a name: the style's own, or the one that the subscription chose. */
  headers: Readonly<Record<string, string>>;
  /** The `{header}` of names. */
  header: string;
  /** Names of headers whose values are signed. */
  covered: readonly string[];
  hash: Hash;
  encoding: SignatureEncoding;
}

export const HASHES = ['sha1', 'sha256', 'sha512'] as const;
export type Hash = (typeof HASHES)[number];
export const ENCODINGS = ['hex', 'base64'] as const;
export type SignatureEncoding = (typeof ENCODINGS)[number];

const HEX = { hash: 'sha256', encoding: 'hex', covered: [] } as const;
const OUTPOST = {
  ...HEX,
  header: 'x-outpost-',
  each: '{signature}',
  separator: ',',
} as const;
const OUTPOST_HEADERS = { '{header}event-id': '{id}', '{header}topic': '{type}' } as const;
const UNIX = { ...OUTPOST_HEADERS, '{header}timestamp': '{timestamp}' } as const;
const CONVOY_HEADERS = { 'x-convoy-event-id': '{id}', 'x-convoy-eventdelivery-id': '{delivery}' } as const;
const HOOK0_HEADERS = { 'x-event-id': '{id}', 'x-event-type': '{type}' } as const;

/** The signatures of other systems, for endpoints that were taken over from them (docs/migrating.md). */
export const SIGNATURE_STYLES = {
  svix: {
    hash: 'sha256',
    encoding: 'base64',
    covered: [],
    header: 'svix-',
    prefix: '{message}.{timestamp}.',
    each: 'v1,{signature}',
    separator: ' ',
    headers: {
      '{header}id': '{message}',
      '{header}timestamp': '{timestamp}',
      '{header}signature': '{signatures}',
    },
  },
  outpost: {
    ...OUTPOST,
    prefix: '',
    headers: { ...OUTPOST_HEADERS, '{header}timestamp': '{time}', '{header}signature': 'v0={signatures}' },
  },
  /** Until 0.15. */
  'outpost-0.12': {
    ...OUTPOST,
    prefix: '',
    headers: { ...UNIX, '{header}signature': 'v0={signatures}' },
  },
  /** Until 0.11. */
  'outpost-0.11': {
    ...OUTPOST,
    prefix: '{timestamp}.',
    headers: { ...UNIX, '{header}signature': 't={timestamp},v0={signatures}' },
  },
  convoy: {
    ...HEX,
    header: 'x-convoy-signature',
    prefix: '',
    each: '{signature}',
    separator: null,
    headers: { ...CONVOY_HEADERS, '{header}': '{signatures}' },
  },
  'convoy-advanced': {
    ...HEX,
    header: 'x-convoy-signature',
    prefix: '{timestamp},',
    each: 'v1={signature}',
    separator: ',',
    headers: { ...CONVOY_HEADERS, '{header}': 't={timestamp},{signatures}' },
  },
  hook0: {
    ...HEX,
    header: 'x-hook0-signature',
    covered: ['x-event-id', 'x-event-type'],
    prefix: '{timestamp}.{covered}.{values}.',
    each: '{signature}',
    separator: null,
    headers: { ...HOOK0_HEADERS, '{header}': 't={timestamp},h={covered},v1={signatures}' },
  },
  /** Hook0 where only its older signature is on. */
  'hook0-v0': {
    ...HEX,
    header: 'x-hook0-signature',
    prefix: '{timestamp}.',
    each: '{signature}',
    separator: null,
    headers: { ...HOOK0_HEADERS, '{header}': 't={timestamp},v0={signatures}' },
  },
} as const satisfies Record<string, SignatureStyle>;

export type SignatureStyleName = keyof typeof SIGNATURE_STYLES;
export const SIGNATURE_STYLE_NAMES = Object.keys(SIGNATURE_STYLES) as SignatureStyleName[];
