import { InvalidArgumentError } from 'commander';

/** `name=value`, added to what was given before. */
export function collectTag(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [name, value] = pairOf(text);
  return { ...before, [name]: value };
}

/** The same where several values of a name are alternatives. */
export function collectTags(
  text: string,
  before: Record<string, string | string[]> = {},
): Record<string, string | string[]> {
  const [name, value] = pairOf(text);
  const known = Object.hasOwn(before, name) ? before[name] : undefined;
  return { ...before, [name]: known === undefined ? value : [known, value].flat() };
}

/** `type=version`, added to what was given before. */
export function collectPin(
  text: string,
  before: Record<string, number> | boolean = {},
): Record<string, number> {
  const [name, value] = pairOf(text);
  return { ...(typeof before === 'object' && before), [name]: asNumber(value) };
}

export function asNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError('Write it as name=value, such as client=acme.');
  return [text.slice(0, at), text.slice(at + 1)];
}
