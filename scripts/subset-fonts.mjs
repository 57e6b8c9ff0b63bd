import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';

/**
 * Writes web/src/fonts: the two fonts with only the characters of English text and of the dashboard itself. The full
 * files follow in web/src/fonts/fonts.css and are loaded by a page that shows others.
 */

const root = join(import.meta.dirname, '..');
const from = (name) => join(root, 'node_modules/@fontsource-variable', name);
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index)).join('');
/** In step with `unicode-range` in fonts.css. */
const characters = `${ascii}\u00a0·×–—‘’“”•…−`;
const weights = { variationAxes: { wght: { min: 400, max: 650 } }, targetFormat: 'woff2' };

const fonts = [
  // With the alternates that theme.css asks for: cv11, ss03, figures of one width.
  { file: 'inter/files/inter-latin-wght-normal.woff2', as: 'inter.woff2', noLayoutClosure: false },
  // Without the ligatures, which would draw `!=` as another sign than the bytes say.
  {
    file: 'jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
    as: 'mono.woff2',
    noLayoutClosure: true,
  },
];

for (const { file, as, noLayoutClosure } of fonts) {
  const font = await subsetFont(readFileSync(from(file)), characters, { ...weights, noLayoutClosure });
  writeFileSync(join(root, 'web/src/fonts', as), font);
  console.log(`${as}: ${font.length} bytes`);
}
