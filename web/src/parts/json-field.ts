import { keepNumbers } from '../text/exact-numbers.js';

type JsonObject = Record<string, unknown>;

/** The JSON object that a field holds, to be sent by `writeNumbers`; `problem`: what is wrong with it. */
export function objectOf(
  text: string,
): { value: JsonObject; problem: null } | { value: null; problem: string } {
  try {
    const written: unknown = JSON.parse(text);
    if (typeof written === 'object' && written !== null && !Array.isArray(written))
      return { value: JSON.parse(keepNumbers(text)) as JsonObject, problem: null };
    return { value: null, problem: 'Write an object: { … }' };
  } catch (error) {
    return { value: null, problem: `This is not valid JSON: ${(error as Error).message}` };
  }
}
