import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { lazyPart } from './lazy-part.js';
import type { MenuEntry } from './menu-entry.js';

interface Props extends ButtonProps {
  entries: MenuEntry[];
}

const MenuList = lazyPart(() => import('./menu-list.js'));

/** A button with a menu, which is loaded when it first opens. */
export function ButtonMenu({ entries, ...button }: Props) {
  const [used, setUsed] = useState(false);
  const closed = <Button variant="default" aria-haspopup="menu" {...button} onClick={() => setUsed(true)} />;
  return used ? <MenuList fallback={closed} entries={entries} button={button} /> : closed;
}
