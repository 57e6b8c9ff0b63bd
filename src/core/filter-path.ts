/** A key in brackets, as a JSON string: `["a.b"]`. */
const KEY = /\[("(?:[^"\\]|\\.)*")\]/y;
const NAME = /[^.[]+/y;

/**
 * The keys of a path: names separated by dots, and `["a.b"]` for a key that contains dots, as in `lead["a.b"].c`. A
 * path without such brackets is only split at dots. Null when it is malformed.
 */
export function parsePath(path: string): string[] | null {
  if (!path.includes('["')) return path.split('.');
  const keys: string[] = [];
  for (let at = 0; at < path.length;) {
    const isFirst = at === 0;
    const dot = !isFirst && path[at] === '.' ? 1 : 0;
    const key = readAt(KEY, path, at);
    const name = isFirst || dot === 1 ? readAt(NAME, path, at + dot) : null;
    const read = key ?? name;
    if (read === null) return null;
    const text = key === null ? read : keyIn(read);
    if (text === null) return null;
    keys.push(text);
    at += key === null ? dot + read.length : read.length;
  }
  return keys;
}

function readAt(form: RegExp, path: string, at: number): string | null {
  form.lastIndex = at;
  return form.exec(path)?.[0] ?? null;
}

function keyIn(brackets: string): string | null {
  try {
    return JSON.parse(brackets.slice(1, -1)) as string;
  } catch {
    return null;
  }
}
