import type { CSSProperties } from 'react';
import { Untrusted } from '../text/untrusted.js';
import type { LookDraft } from './look-draft.js';

const DEFAULTS = {
  light: { accent: '#3f44cf', background: '#fafafb', text: '#15171c' },
  dark: { accent: '#6a6ff0', background: '#0e0f12', text: '#eceef2' },
};
const COLOUR = /^#[0-9a-f]{6}$/i;

/** What the colours and the name come to, in both schemes. A logo that was only chosen is shown once it is saved. */
export function LookPreview({ draft, logoUrl }: { draft: LookDraft; logoUrl: string | null }) {
  return (
    <div className="look-preview" role="img" aria-label="Preview of the portal’s colours">
      {(['light', 'dark'] as const)
        .filter((scheme) => draft.scheme === 'auto' || draft.scheme === scheme)
        .map((scheme) => (
          <div key={scheme} className="look-sample" style={styleOf(draft, scheme)}>
            <div className="look-brand">
              {logoUrl !== null && !draft.logo ? (
                <img src={logoUrl} alt="" height={20} referrerPolicy="no-referrer" />
              ) : (
                <Untrusted>{draft.name || 'Webhooks'}</Untrusted>
              )}
            </div>
            <strong>Endpoints</strong>
            <span>https://example.com/webhooks</span>
            <span className="look-button">Add endpoint</span>
          </div>
        ))}
    </div>
  );
}

function styleOf(draft: LookDraft, scheme: 'light' | 'dark'): CSSProperties {
  const colour = (name: 'accent' | 'background' | 'text') => {
    const wanted = draft[scheme][name];
    return COLOUR.test(wanted) ? wanted : DEFAULTS[scheme][name];
  };
  const fonts = draft.fonts
    .split(',')
    .map((font) => font.trim())
    .filter((font) => /^[\p{L}\p{N}][\p{L}\p{N} .+_-]*$/u.test(font))
    .map((font) => `"${font}"`);
  return {
    '--sample-accent': colour('accent'),
    '--sample-page': colour('background'),
    '--sample-ink': colour('text'),
    fontFamily: [...fonts, 'system-ui', 'sans-serif'].join(', '),
  } as CSSProperties;
}
