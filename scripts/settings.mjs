// Writes .env.example and README's table from the table of settings; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { ALL_SETTINGS } from '../dist/src/config/settings-table.js';

const WIDTH = 118;
const BEGIN = '<!-- settings: npm run settings -->';
const END = '<!-- end of settings -->';

const readme = readFileSync('README.md', 'utf8');
const documents = [
  ['.env.example', envExample()],
  ['README.md', await formatted('README.md', withTable(readme))],
];
const stale = documents.filter(([file, text]) => readFileSync(file, 'utf8') !== text);
if (!process.argv.includes('--check')) for (const [file, text] of stale) writeFileSync(file, text);
else if (stale.length > 0) {
  console.error(
    `${stale.map(([file]) => file).join(' and ')}: not as src/config/settings-table.ts says. Run: npm run settings`,
  );
  process.exitCode = 1;
}

function envExample() {
  const settings = ALL_SETTINGS.map(({ variable, doc, more = [], defaultText = '' }) =>
    [...wrapped(plain(doc)), ...more.flatMap(wrapped), `# ${variable}=${defaultText}`, ''].join('\n'),
  );
  return [
    '# Every setting of Posthorn. Copy this file to .env and uncomment what you change; the values ' +
      'shown are the defaults.',
    '# Made by `npm run settings` from src/config/settings-table.ts.',
    '',
    ...settings,
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}

/** Without Markdown's marks. */
function plain(doc) {
  return doc.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

function withTable(text) {
  const rows = ALL_SETTINGS.map(({ variable, doc, defaultText, defaultNote = '' }) => {
    const shown = defaultText === undefined ? defaultNote : `\`${defaultText}\``;
    return `| \`${variable}\` | ${shown} | ${doc} |`;
  });
  const table = [BEGIN, '', '| variable | default | meaning |', '| --- | --- | --- |', ...rows, '', END].join(
    '\n',
  );
  const [before, rest] = text.split(BEGIN);
  return `${before}${table}${rest.split(END)[1]}`;
}

async function formatted(file, text) {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}
