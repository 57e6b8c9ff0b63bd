import type { Schemas } from '../api/client.js';
import type { Language } from './portal-words.js';

type Look = Schemas['PortalView'];
type Changes = Schemas['ChangePortal'];
export type ColourName = 'accent' | 'background' | 'text';
export const COLOUR_NAMES: ColourName[] = ['accent', 'background', 'text'];

/** The look as the fields of the form have it; empty: as the instance has it. */
export interface LookDraft {
  name: string;
  logoUrl: string;
  /** A file that was chosen, in place of the address. */
  logo: NonNullable<Changes['logo']> | null;
  light: Record<ColourName, string>;
  dark: Record<ColourName, string>;
  fonts: string;
  fontUrl: string;
  scheme: Look['scheme'];
  language: Language | '';
  showPosthorn: boolean;
  frameAncestors: string;
}

const NO_COLOURS = { accent: '', background: '', text: '' };

export function draftOf(look: Look): LookDraft {
  return {
    name: look.name ?? '',
    logoUrl: isUploaded(look) ? '' : (look.logoUrl ?? ''),
    logo: null,
    light: { ...NO_COLOURS, ...look.colours?.light },
    dark: { ...NO_COLOURS, ...look.colours?.dark },
    fonts: look.fonts.join(', '),
    fontUrl: look.fontUrl ?? '',
    scheme: look.scheme,
    language: look.language ?? '',
    showPosthorn: look.showPosthorn,
    frameAncestors: look.frameAncestors.join('\n'),
  };
}

/** Whether the engine keeps the logo itself. */
export function isUploaded({ logoUrl }: Pick<Look, 'logoUrl'>): boolean {
  return logoUrl !== null && !/^https?:/i.test(logoUrl);
}

/** Only what differs from the look there is, so that nothing else is touched. */
export function changesOf(before: LookDraft, draft: LookDraft): Changes {
  const changes: Changes = {};
  if (draft.name !== before.name) changes.name = draft.name.trim() || null;
  if (draft.logo) changes.logo = draft.logo;
  else if (draft.logoUrl !== before.logoUrl) changes.logoUrl = draft.logoUrl.trim() || null;
  if (JSON.stringify([draft.light, draft.dark]) !== JSON.stringify([before.light, before.dark]))
    changes.colours = { light: given(draft.light), dark: given(draft.dark) };
  if (draft.fonts !== before.fonts) changes.fonts = words(draft.fonts, ',');
  if (draft.fontUrl !== before.fontUrl) changes.fontUrl = draft.fontUrl.trim() || null;
  if (draft.scheme !== before.scheme) changes.scheme = draft.scheme;
  if (draft.language !== before.language) changes.language = draft.language === '' ? null : draft.language;
  if (draft.showPosthorn !== before.showPosthorn) changes.showPosthorn = draft.showPosthorn;
  if (draft.frameAncestors !== before.frameAncestors)
    changes.frameAncestors = words(draft.frameAncestors, '\n');
  return changes;
}

function given(colours: Record<ColourName, string>): Partial<Record<ColourName, string>> {
  return Object.fromEntries(Object.entries(colours).filter(([, colour]) => colour.trim() !== ''));
}

function words(text: string, apart: string): string[] {
  return text
    .split(apart)
    .map((word) => word.trim())
    .filter(Boolean);
}
