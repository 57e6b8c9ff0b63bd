import { isLanguage, type Language } from './language.js';

export interface Colours {
  accent?: string;
  background?: string;
  text?: string;
}

type Scheme = 'auto' | 'light' | 'dark';

/** How the space wants its portal to look, as the server wrote it into the page. */
export interface Look {
  name: string | null;
  logoUrl: string | null;
  colours: { light?: Colours; dark?: Colours } | null;
  fonts: string[];
  fontUrl: string | null;
  scheme: Scheme;
  language: Language | null;
  showMaker: boolean;
  /** Whose pages may frame this one, and tell it things. */
  frameAncestors: string[];
}

const PLAIN: Look = {
  ...{ name: null, logoUrl: null, colours: null, fonts: [], fontUrl: null, scheme: 'auto' },
  ...{ language: null, showMaker: false, frameAncestors: [] },
};

const COLOUR = /^#[0-9a-f]{6}$/i;
const OWN = {
  light: { background: '#fafafb', text: '#15171c' },
  dark: { background: '#0e0f12', text: '#eceef2' },
};
const MIN_CONTRAST = 4.5;

export function readLook(): Look {
  const written = document.querySelector<HTMLMetaElement>('meta[name="portal-look"]')?.content;
  try {
    return { ...PLAIN, ...(JSON.parse(written ?? '{}') as Partial<Look>) };
  } catch {
    return PLAIN;
  }
}

/** What a message of the page around says about the look: only what has its form. */
export function lookOf(message: Record<string, unknown>): Partial<Look> {
  const { scheme, colours, language } = message;
  const given = (colours ?? null) as Record<'light' | 'dark', unknown> | null;
  return {
    ...((scheme === 'auto' || scheme === 'light' || scheme === 'dark') && { scheme }),
    ...(given !== null &&
      typeof given === 'object' && {
        colours: { light: coloursOf(given.light), dark: coloursOf(given.dark) },
      }),
    ...(isLanguage(language) && { language }),
  };
}

function coloursOf(given: unknown): Colours {
  const { accent, background, text } = (given ?? {}) as Record<string, unknown>;
  const good = (value: unknown): value is string => typeof value === 'string' && COLOUR.test(value);
  return {
    ...(good(accent) && { accent }),
    // One alone may be unreadable.
    ...(good(background) && good(text) && { background, text }),
  };
}

const system = matchMedia('(prefers-color-scheme: dark)');

/** Shows a look, and follows the system's scheme where it says so. The policy lets scripts set properties. */
export function showLook(look: Look): () => void {
  const show = () => {
    const scheme = look.scheme === 'auto' ? (system.matches ? 'dark' : 'light') : look.scheme;
    document.documentElement.dataset.scheme = scheme;
    const wanted = propertiesOf(look.colours?.[scheme] ?? {}, scheme);
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(wanted)) {
      if (value === null) style.removeProperty(name);
      else style.setProperty(name, value);
    }
    if (look.fonts.length > 0)
      style.setProperty(
        '--sans',
        [...look.fonts.map((font) => `"${font}"`), 'system-ui', 'sans-serif'].join(', '),
      );
  };
  show();
  system.addEventListener('change', show);
  return () => system.removeEventListener('change', show);
}

/** The file for the first of the fonts; where it does not come the next one is shown. */
export function loadFont({ fonts: [name], fontUrl }: Look): void {
  if (name === undefined || fontUrl === null) return;
  const face = new FontFace(name, `url("${fontUrl}")`, { display: 'swap', weight: '100 900' });
  document.fonts.add(face);
  face.load().catch(() => undefined);
}

function propertiesOf(
  { accent, background, text }: Colours,
  scheme: 'light' | 'dark',
): Record<string, string | null> {
  const behind = background ?? OWN[scheme].background;
  const readable = accent !== undefined && contrast(accent, behind) >= MIN_CONTRAST;
  return {
    '--page': background ?? null,
    '--surface': background ?? null,
    '--ink': text ?? null,
    // Less contrast than the space chose might be too little.
    '--ink-2': text ?? null,
    '--accent': accent ?? null,
    '--on-accent':
      accent === undefined ? null : contrast(accent, '#ffffff') >= MIN_CONTRAST ? '#ffffff' : '#14161a',
    '--link': accent === undefined ? null : readable ? accent : (text ?? OWN[scheme].text),
  };
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance as WCAG counts it, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
