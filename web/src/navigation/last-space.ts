const NAME = 'posthorn-space';

/** The space this tab looked at last. */
export function lastSpace(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export function rememberSpace(space: string): void {
  try {
    sessionStorage.setItem(NAME, space);
  } catch {
    // A frame that may store nothing starts at the first space.
  }
}
