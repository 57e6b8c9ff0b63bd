import { lookOf, type Look } from './look.js';

/*
 * Between the portal in a frame and the page around it. To the page: `posthorn:ready`, `posthorn:height` and
 * `posthorn:token-expired`. From it: `posthorn:init` with a token and a look, as often as it likes.
 */

export interface Init {
  token: unknown;
  look: Partial<Look>;
}

export const isFramed = window.parent !== window;

/** Hears the page around this one, if its origin is one of those that may frame it. Gives a way to tell it things. */
export function connectToFrame(
  ancestors: readonly string[],
  onInit: (init: Init) => void,
): (type: string) => void {
  if (!isFramed) return () => undefined;
  // None of it is secret, and the page's policy lets only these frame it.
  const tell = (type: string, values: object = {}) => window.parent.postMessage({ type, ...values }, '*');
  // An application that serves this page itself frames it from its own origin.
  const origins = ancestors.map((ancestor) => (ancestor === "'self'" ? location.origin : ancestor));
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || !origins.includes(event.origin)) return;
    const message = event.data;
    if (typeof message !== 'object' || message === null) return;
    const fields = message as Record<string, unknown>;
    if (fields.type === 'posthorn:init') onInit({ token: fields.token, look: lookOf(fields) });
  });
  tellHeight(tell);
  tell('posthorn:ready');
  return tell;
}

function tellHeight(tell: (type: string, values: object) => void): void {
  let last = 0;
  const measure = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === last || height === 0) return;
    last = height;
    tell('posthorn:height', { height });
  };
  document.documentElement.dataset.framed = '';
  new ResizeObserver(measure).observe(document.body);
}
