import type { Header } from './line.js';

/** Printable ASCII without what JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The JSON text of headers, as `JSON.stringify` gives it in twice the time: most have nothing to escape. */
export function headersJson(headers: readonly Header[]): string {
  let json = '';
  for (const [name, value] of headers) json += `${json === '' ? '[' : ','}[${quoted(name)},${quoted(value)}]`;
  return json === '' ? '[]' : `${json}]`;
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
