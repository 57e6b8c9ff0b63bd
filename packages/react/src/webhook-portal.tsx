import { useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';

/** Colours as `#rrggbb`. `background` and `text` go together. */
export interface PortalColours {
  accent?: string;
  background?: string;
  text?: string;
}

export interface PortalTheme {
  scheme?: 'auto' | 'light' | 'dark';
  colours?: { light?: PortalColours; dark?: PortalColours };
}

export interface WebhookPortalProps {
  /** The `url` of a portal link, as `POST /v1/spaces/:space/portal-links` gave it. */
  src: string;
  language?: 'en' | 'de' | 'fr' | 'es' | 'pt' | 'ja';
  /** In place of the space’s own look. */
  theme?: PortalTheme;
  /** The link has expired or was revoked: make a new one and pass its `url` as `src`. The page in the frame stays. */
  onTokenExpired?: () => void;
  /** The title of the frame, for screen readers. */
  title?: string;
  className?: string;
  style?: CSSProperties;
  /** The least height in pixels, which it has until it has loaded; 320 unless given. */
  minHeight?: number;
}

/** Posthorn’s portal in a frame that is as high as what it shows. */
export function WebhookPortal(props: WebhookPortalProps) {
  const { src, language, theme, title = 'Webhooks', className, style, minHeight = 320 } = props;
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(minHeight);
  const { page, origin, token, lang } = useMemo(() => partsOf(src), [src]);
  const init = JSON.stringify({
    type: 'posthorn:init',
    ...{ token, language: language ?? lang, scheme: theme?.scheme, colours: theme?.colours },
  });
  const latest = useRef({ init, expired: props.onTokenExpired });

  useEffect(() => {
    latest.current = { init, expired: props.onTokenExpired };
  });
  useEffect(() => {
    const hear = (event: MessageEvent<unknown>) => {
      // Other frames and other sites send messages, too.
      const window = frame.current?.contentWindow;
      if (!window || event.source !== window || event.origin !== origin) return;
      const { type, height: asked } = (event.data ?? {}) as { type?: unknown; height?: unknown };
      if (type === 'posthorn:ready') window.postMessage(JSON.parse(latest.current.init), origin);
      if (type === 'posthorn:height' && typeof asked === 'number' && Number.isFinite(asked)) setHeight(asked);
      if (type === 'posthorn:token-expired') latest.current.expired?.();
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, [origin]);
  // Sends a new token or look to the page, which is not loaded again. A page that is not ready yet ignores it.
  useEffect(() => {
    frame.current?.contentWindow?.postMessage(JSON.parse(init), origin);
  }, [init, origin]);

  return (
    <iframe
      ref={frame}
      src={page}
      title={title}
      className={className}
      allow="clipboard-write"
      style={{ display: 'block', width: '100%', border: 0, ...style, height: Math.max(height, minHeight) }}
    />
  );
}

/** The page without its token, which the frame gets as a message: then a new one needs no new page. */
function partsOf(src: string) {
  const url = new URL(src, typeof location === 'undefined' ? 'http://localhost' : location.href);
  const [, token, lang] = /^#portal=([^&]+)(?:&lang=(\w+))?/.exec(url.hash) ?? [];
  if (token !== undefined) url.hash = '';
  return { page: url.href, origin: url.origin, token, lang };
}
