/** Text from outside without what steers a terminal: control characters are shown as JSON writes them. */
export function visible<T extends string | number>(text: T): T {
  if (typeof text === 'number') return text;
  return text.replaceAll(/\p{Cc}/gu, (char) =>
    char === '\n' || char === '\t' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ) as T;
}
