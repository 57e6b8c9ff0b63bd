import { Fragment } from 'react';

/**
 * Text that strangers wrote. React escapes the markup; what is left are characters one does not see: controls, and
 * those that turn the direction of writing and so make an address look like another one.
 */
// Cc are controls, Cf formats: bidi marks, zero width, BOM.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{e0100}-\u{e01ef}\ufe00-\ufe0e]/u;
const EVERY_HIDDEN = new RegExp(`(${HIDDEN.source})`, 'gu');
const LAYOUT = new Set(['\n', '\t']);

const NAMES: Record<string, string> = {
  '\0': 'NUL',
  '\b': 'BS',
  '\t': 'TAB',
  '\n': 'LF',
  '\r': 'CR',
  '\u001b': 'ESC',
  '\u061c': 'ALM',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
  '\u200e': 'LRM',
  '\u200f': 'RLM',
  '\u202a': 'LRE',
  '\u202b': 'RLE',
  '\u202c': 'PDF',
  '\u202d': 'LRO',
  '\u202e': 'RLO',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\ufeff': 'BOM',
};

let hint = 'An invisible character';

/** What one hears who points at such a character, in the language of the page. */
export function sayHidden(words: string): void {
  hint = words;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[character] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The same for places that take no elements, such as a title: `[RLO]` instead of the character. */
export function visible(text: string): string {
  return text.replace(EVERY_HIDDEN, (character) => `[${nameOf(character)}]`);
}

/** The same inside JSON text, where an escape means the same as the character. */
export function escapeHidden(json: string): string {
  return json.replace(EVERY_HIDDEN, (character) =>
    LAYOUT.has(character)
      ? character
      : [...Array(character.length).keys()]
          .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

interface Props {
  children: string | null | undefined;
  /** Line feeds and tabs are layout here, as in a body, and stay. */
  multiline?: boolean;
}

/** Shows text from outside, nothing hidden. */
export function Untrusted({ children, multiline = false }: Props) {
  const text = children ?? '';
  if (!HIDDEN.test(text)) return <bdi>{text}</bdi>;
  const pieces = text.replaceAll(multiline ? '\r\n' : '\0\0\0', '\n').split(EVERY_HIDDEN);
  return (
    <bdi>
      {pieces.map((piece, index) =>
        index % 2 === 0 || (multiline && LAYOUT.has(piece)) ? (
          <Fragment key={index}>{piece}</Fragment>
        ) : (
          <span key={index} className="hidden-character" title={hint}>
            {nameOf(piece)}
          </span>
        ),
      )}
    </bdi>
  );
}
