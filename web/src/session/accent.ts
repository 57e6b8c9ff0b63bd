const COLOUR = /^#[0-9a-f]{6}$/i;

/** Colours buttons and links as the space's owner wishes; null goes back to Posthorn's own. */
export function applyAccent(accent: string | null): void {
  const { style } = document.documentElement;
  if (accent === null || !COLOUR.test(accent)) {
    style.removeProperty('--accent-own');
    style.removeProperty('--accent-own-contrast');
    return;
  }
  style.setProperty('--accent-own', accent);
  style.setProperty('--accent-own-contrast', luminance(accent) > 0.36 ? '#14161a' : '#ffffff');
}

/** Relative luminance as WCAG counts it, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
