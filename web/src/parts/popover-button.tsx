import { Button, type ButtonProps } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { lazyPart } from './lazy-part.js';

interface Props {
  button: ButtonProps;
  position: 'bottom-start' | 'bottom-end';
  width?: number;
  children: ReactNode;
}

const PopoverPanel = lazyPart(() => import('./popover-panel.js'));

/** A button that opens a small panel, which is loaded when it first opens. */
export function PopoverButton({ children, ...props }: Props) {
  const [used, setUsed] = useState(false);
  const closed = (
    <Button variant="default" aria-haspopup="dialog" {...props.button} onClick={() => setUsed(true)} />
  );
  if (!used) return closed;
  return (
    <PopoverPanel fallback={closed} {...props}>
      {children}
    </PopoverPanel>
  );
}
