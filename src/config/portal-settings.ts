import { list, text, type Setting } from './setting.js';
import { COLOUR_RULE, isOrigin, PICTURE_RULE, PUBLIC_URL_RULE } from './setting-rules.js';

/** Where people reach the dashboard, and how it looks to them. */
export const PORTAL_SETTINGS = {
  publicUrl: {
    variable: 'POSTHORN_PUBLIC_URL',
    default: '',
    defaultNote: 'from each request',
    rule: PUBLIC_URL_RULE,
    parse: (it: string) => it.replace(/\/$/, ''),
    inModule: true,
    doc:
      'Where people and endpoints reach this API, e.g. `https://example.com/posthorn`. The path is ' +
      'removed from requests.',
  },
  portalFrameAncestors: list(
    isOrigin,
    'a list of origins, e.g. https://app.example.com,https://example.com',
    {
      variable: 'POSTHORN_PORTAL_FRAME_ANCESTORS',
      doc: 'Origins whose pages may show the dashboard in a frame, e.g. `https://app.example.com`.',
    },
  ),
  portalAccent: text({
    variable: 'POSTHORN_PORTAL_ACCENT',
    rule: COLOUR_RULE,
    doc: "The dashboard's accent colour, e.g. `#3355ff`.",
  }),
  portalLogoUrl: text({
    variable: 'POSTHORN_PORTAL_LOGO_URL',
    rule: PICTURE_RULE,
    doc: 'The address of the logo that the dashboard shows, e.g. `https://example.com/logo.svg`.',
  }),
} satisfies Record<string, Setting<unknown>>;
