import type { ReactNode } from 'react';

/** What a menu offers. */
export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  color?: string;
  run: () => void;
}
