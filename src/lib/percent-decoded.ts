/** Decodes percent-encoding. A text with a percent sign that begins no escape is returned as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
