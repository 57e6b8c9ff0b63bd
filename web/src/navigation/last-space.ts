const NAME = 'posthorn-space';

/** The space this tab looked at last. */
export function lastSpace(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** It is there no more. */
export function forgetSpace(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was stored.
  }
}

export function rememberSpace(space: string): void {
  try {
    sessionStorage.setItem(NAME, space);
  } catch {
    // A frame that may store nothing starts at the first space.
  }
}
