import { lazy, type ComponentType } from 'react';
import { BASE } from '../api/client.js';
import { isThere } from '../api/connection.js';

const NAME = 'posthorn-reloaded';
const AGAIN_MS = 1_500;
/** A page that does not load after this is not mended by loading it once more. */
const RELOAD_AFTER_MS = 30_000;

/**
 * A part of the app that is loaded when it is shown. When it does not come, the engine is away or has been replaced by
 * another version: as soon as it is there the whole page is loaded anew.
 */
export function lazyPage<P>(load: () => Promise<{ default: ComponentType<P> }>) {
  return lazy(() => load().catch(reload));
}

async function reload(error: unknown): Promise<never> {
  while (!(await isThere(BASE))) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  if (!mayReload()) throw error;
  location.reload();
  return new Promise(() => undefined);
}

function mayReload(): boolean {
  try {
    const last = Number(sessionStorage.getItem(NAME) ?? 0);
    if (Date.now() - last < RELOAD_AFTER_MS) return false;
    sessionStorage.setItem(NAME, String(Date.now()));
    return true;
  } catch {
    // Without a memory a page that never loads would be reloaded for ever.
    return false;
  }
}
