import { headerNameIssue } from '../../core/header-rules.js';
import { optionChecks } from '../options.js';
import type { OptionRules, ProfileOptions } from '../profile.js';
import { ENCODINGS, HASHES, SIGNATURE_STYLE_NAMES } from '../signature-styles.js';
import type { SignatureChoice } from '../styled-signature.js';
import { isJsonObject } from '../../lib/is-json-object.js';

/** A name in it may get up to 9 letters more. */
const MAX_HEADER = 64;

/** `signature`: how requests are signed where that is not by Standard Webhooks; null or absent: it is. */
export const nativeOptions: OptionRules = {
  defaults: {},
  check: optionChecks({ signature: (value) => (value === null ? null : issueOf(value)) }),
};

export function signatureOf(options: ProfileOptions): SignatureChoice | null {
  return (options.signature ?? null) as SignatureChoice | null;
}

function issueOf(value: unknown): string | null {
  if (!isJsonObject(value)) return `Use an object such as {"style": "outpost"}, or null.`;
  const { style, header, hash, encoding, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `"${unknown.slice(0, 64)}" is none of its fields: style, header, hash, encoding.`;
  if (!includes(SIGNATURE_STYLE_NAMES, style))
    return `Its style must be one of ${listOf(SIGNATURE_STYLE_NAMES)}.`;
  if (hash !== undefined && !includes(HASHES, hash)) return `Its hash must be one of ${listOf(HASHES)}.`;
  if (encoding !== undefined && !includes(ENCODINGS, encoding))
    return `Its encoding must be one of ${listOf(ENCODINGS)}.`;
  return header === undefined ? null : headerIssue(header);
}

function headerIssue(header: unknown): string | null {
  if (typeof header !== 'string' || header.length > MAX_HEADER || header !== header.toLowerCase())
    return `Its header must be a name in lower case, of at most ${MAX_HEADER} characters.`;
  const issue = headerNameIssue(header);
  return issue && `Its header: ${issue}`;
}

function includes(all: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && all.includes(value);
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
