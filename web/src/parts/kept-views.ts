/** A filter under a name: what follows the `?` in the address. */
export interface View {
  name: string;
  search: string;
}

const MOST = 30;
const keyOf = (space: string, page: string) => `posthorn-views ${space} ${page}`;

/** The filter as the address has it, in one order, so that the same filter is the same text. */
export function searchOf(filter: Partial<Record<string, string>>): string {
  const pairs = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return new URLSearchParams(pairs.sort(([one], [other]) => (one < other ? -1 : 1))).toString();
}

export function keptViews(space: string, page: string): View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(space, page)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function keepViews(space: string, page: string, views: View[]): void {
  try {
    localStorage.setItem(keyOf(space, page), JSON.stringify(views.slice(-MOST)));
  } catch {
    // A frame that may store nothing forgets them with the page.
  }
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null) return false;
  const { name, search } = value as Partial<View>;
  return typeof name === 'string' && typeof search === 'string';
}
