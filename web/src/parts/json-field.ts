type JsonObject = Record<string, unknown>;

/** The JSON object that a field holds; `problem`: what is wrong with it. */
export function objectOf(
  text: string,
): { value: JsonObject; problem: null } | { value: null; problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as JsonObject, problem: null };
    return { value: null, problem: 'Write an object: { … }' };
  } catch (error) {
    return { value: null, problem: `This is not valid JSON: ${(error as Error).message}` };
  }
}
