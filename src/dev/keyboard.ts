import { createInterface } from 'node:readline';

/** Calls `onLine` for each line of standard input, without its end. Gives what stops that. */
export function onKeys(onLine: (line: string) => void): () => void {
  // No `output`: the terminal shows what is typed by itself, and Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, terminal: false });
  lines.on('line', (line) => onLine(line.trim()));
  return () => lines.close();
}
