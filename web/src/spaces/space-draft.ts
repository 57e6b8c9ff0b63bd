/** `beta, eu` becomes two tags. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter(Boolean))];
}

/** A line for each note: `name = text`. */
export function noteLines(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([name, text]) => `${name} = ${text.replaceAll('\n', ' ')}`)
    .join('\n');
}

/** The notes that lines name; a line without `=` is a name without text. */
export function notesOf(lines: string): Record<string, string> {
  const pairs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs);
}
