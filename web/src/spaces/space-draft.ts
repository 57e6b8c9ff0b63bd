/** `beta, eu` becomes two tags. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter(Boolean))];
}

/** A line for each note: `name = text`. */
export function noteLines(metadata: Record<string, string>): string {
  return Object.entries(metadata).map(lineOf).join('\n');
}

function lineOf([name, text]: [string, string]): string {
  return `${name} = ${text.replaceAll('\n', ' ')}`;
}

/** The notes that lines name; a line without `=` is a name without text. A line of `before` is the note it was. */
export function notesOf(lines: string, before: Record<string, string> = {}): Record<string, string> {
  const kept = new Map(Object.entries(before).map((note) => [lineOf(note), note]));
  const pairs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return (
        kept.get(line) ?? (at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()])
      );
    });
  return Object.fromEntries(pairs);
}
