import type { Issue } from '../core/errors.js';
import {
  contrastProblem,
  isFrameOrigin,
  isLogo,
  isWebAddress,
  MAX_LOGO_BYTES,
  type PortalLook,
} from '../core/portal-look.js';
import type { ChangePortal, PortalLogo } from './portal-settings.dto.js';

/** What is wrong with a change beyond the forms of its fields. */
export function lookIssues({ logo, logoUrl, fontUrl, frameAncestors, colours }: ChangePortal): Issue[] {
  const issues: Issue[] = [];
  const add = (path: string, message: string) => issues.push({ path, code: 'portal', message });
  const address = (path: string, text: string | null | undefined) => {
    if (typeof text === 'string' && !isWebAddress(text))
      add(path, 'must be the address of a file in the web, e.g. https://example.com/logo.svg');
  };
  address('logoUrl', logoUrl);
  address('fontUrl', fontUrl);
  frameAncestors?.forEach((origin, index) => {
    if (!isFrameOrigin(origin))
      add(`frameAncestors[${index}]`, 'must be an origin without a path, e.g. https://app.example.com');
  });
  for (const scheme of ['light', 'dark'] as const) {
    const problem = contrastProblem(colours?.[scheme] ?? {});
    if (problem !== null) add(`colours.${scheme}`, `${problem}.`);
  }
  if (logo && typeof logoUrl === 'string') add('logo', 'must not come together with logoUrl: choose one.');
  const problem = logo && logoProblem(logo);
  if (problem) add('logo.data', problem);
  return issues;
}

function logoProblem({ type, data }: PortalLogo): string | null {
  const file = Buffer.from(data, 'base64');
  if (file.length > MAX_LOGO_BYTES) return `must be ${MAX_LOGO_BYTES} bytes or less.`;
  return isLogo(type, file) ? null : `must be a file of the type ${type}.`;
}

const FIELDS = [
  ...(['name', 'logoUrl', 'colours', 'fonts', 'fontUrl', 'scheme'] as const),
  ...(['language', 'showPosthorn', 'frameAncestors'] as const),
];

/** What is null goes, what is left out stays. An uploaded logo takes the place of the address. */
export function lookAfter(before: PortalLook, changes: ChangePortal): PortalLook {
  const all: Record<string, unknown> = { ...before };
  for (const field of FIELDS) if (changes[field] !== undefined) all[field] = changes[field];
  if (changes.logo) all.logoUrl = null;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
