/** A path as filters write it: names with dots between them, and `["a.b"]` for a key that dots or brackets are in. */
export function pathOf(keys: string[]): string {
  const isPlain = keys.every((key) => !/[.[]/.test(key));
  if (isPlain) return keys.join('.');
  return keys
    .map((key, index) => {
      if (/[.[]/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
