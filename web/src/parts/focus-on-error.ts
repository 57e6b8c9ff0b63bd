import { useEffect } from 'react';

/** Puts the focus on the first field that the engine found wrong. */
export function useFocusOnError(error: Error | null): void {
  useEffect(() => {
    if (error === null) return;
    document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus();
  }, [error]);
}
