/** What a customer’s portal looks like, and what of it a space may decide. Nothing of it ever becomes CSS text. */

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

export const SCHEMES = ['auto', 'light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Colours as `#rrggbb`; what is absent is the dashboard's own. */
export interface Colours {
  accent?: string;
  background?: string;
  text?: string;
}

/** What a space decided; what is absent is the instance's or the default. */
export interface PortalLook {
  name?: string;
  /** An address in the web. A logo that was uploaded is kept apart. */
  logoUrl?: string;
  colours?: { light?: Colours; dark?: Colours };
  /** Names of fonts, the first that is there is taken. */
  fonts?: string[];
  /** A WOFF2 file, for the first of these names. */
  fontUrl?: string;
  scheme?: Scheme;
  language?: Language;
  showPosthorn?: boolean;
  frameAncestors?: string[];
}

export const COLOUR = /^#[0-9a-f]{6}$/i;
/** A name as people write it: it becomes one quoted name in a list of fonts, so no quotes, commas or backslashes. */
export const FONT_NAME = /^[\p{L}\p{N}][\p{L}\p{N} .+_-]{0,59}$/u;
/** As WCAG wants it of text. */
const MIN_CONTRAST = 4.5;

/** What becomes a source in a policy header: no blanks, quotes, commas or semicolons, and no user or password. */
export function isWebAddress(text: string): boolean {
  if (/[\s"'`;,<>\\]/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return ['https:', 'http:'].includes(protocol) && hostname !== '' && username === '' && password === '';
}

export function isFrameOrigin(text: string): boolean {
  return isWebAddress(text) && new URL(text).origin === text;
}

/** Why text in these colours could not be read; null when it can. */
export function contrastProblem({ background, text }: Colours): string | null {
  if (background === undefined && text === undefined) return null;
  if (background === undefined || text === undefined)
    return 'must set background and text together: one alone may be unreadable with the browser’s default colours';
  const ratio = contrastOf(background, text);
  if (ratio >= MIN_CONTRAST) return null;
  return `must be readable: the contrast of text and background is ${ratio.toFixed(1)}, and must be at least 4.5`;
}

function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance as WCAG counts it, 0 to 1. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'] as const;
export type LogoType = (typeof LOGO_TYPES)[number];
export const MAX_LOGO_BYTES = 64 * 1024;

/** Whether a file begins as one of its type does. An SVG is shown as a picture only, where no script of it runs. */
export function isLogo(type: LogoType, file: Buffer): boolean {
  const begins = (bytes: number[], at = 0) => bytes.every((byte, index) => file[at + index] === byte);
  if (type === 'image/png') return begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  if (type === 'image/jpeg') return begins([0xff, 0xd8, 0xff]);
  if (type === 'image/webp') return begins([...Buffer.from('RIFF')]) && begins([...Buffer.from('WEBP')], 8);
  return /^\uFEFF?\s*(?:<\?xml|<!--|<svg[\s>])/.test(file.toString('utf8', 0, 512)) && file.includes('<svg');
}

/** The page's policy for the pictures, fonts and frames that a space wants. */
export function portalPolicy(
  instance: { frameAncestors: readonly string[]; logoUrl: string },
  { logoUrl, fontUrl, frameAncestors = [] }: PortalLook,
): string {
  const logo = logoUrl ?? instance.logoUrl;
  const ancestors = [...new Set([...instance.frameAncestors, ...frameAncestors])];
  return [
    "default-src 'self'",
    ...(logo === '' ? [] : [`img-src 'self' ${logo}`]),
    ...(fontUrl === undefined ? [] : [`font-src 'self' ${fontUrl}`]),
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${ancestors.length > 0 ? ancestors.join(' ') : "'none'"}`,
  ].join('; ');
}

/** What the portal's page knows of the look, all of it public. */
export function lookOfPage(
  instance: { portalFrameAncestors: readonly string[]; accent: string; logoUrl: string },
  face: { look: PortalLook; logoPath: string | null } | null,
) {
  const look = face?.look ?? {};
  const accent = instance.accent === '' ? {} : { accent: instance.accent };
  return {
    name: look.name ?? null,
    logoUrl: face?.logoPath ?? look.logoUrl ?? (instance.logoUrl || null),
    colours: { light: { ...accent, ...look.colours?.light }, dark: { ...accent, ...look.colours?.dark } },
    fonts: look.fonts ?? [],
    fontUrl: look.fontUrl ?? null,
    scheme: look.scheme ?? 'auto',
    language: look.language ?? null,
    // The page is without our name where it is false.
    showMaker: look.showPosthorn ?? false,
    frameAncestors: [...new Set([...instance.portalFrameAncestors, ...(look.frameAncestors ?? [])])],
  };
}
