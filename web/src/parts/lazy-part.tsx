import { Suspense, type ComponentType, type ReactNode } from 'react';
import { lazyPage } from '../navigation/lazy-page.js';

/** A part of a page that is loaded when it is first shown, such as a dialog. */
export function lazyPart<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  const Part = lazyPage(load);
  return function LazyPart({ fallback = null, ...props }: P & { fallback?: ReactNode }) {
    return (
      <Suspense fallback={fallback}>
        <Part {...(props as unknown as P)} />
      </Suspense>
    );
  };
}
