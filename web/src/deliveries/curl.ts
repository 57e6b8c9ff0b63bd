import type { Schemas } from '../api/client.js';

/** The request as a command for a shell. Values the engine masked stay masked: the person fills them in. */
export function curlOf({ method, url, headers, body }: Schemas['RequestView']): string {
  const lines = [`curl -X ${method} ${quote(url)}`];
  for (const [name = '', value = ''] of headers) {
    if (/^(host|content-length|connection)$/i.test(name)) continue;
    lines.push(`  -H ${quote(`${name}: ${value}`)}`);
  }
  lines.push(`  --data-raw ${quote(body ?? '')}`);
  return lines.join(' \\\n');
}

/** Nothing in it means anything to the shell; controls are spelt out, so that pasting runs nothing early. */
function quote(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}
