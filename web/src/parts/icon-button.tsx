import { ActionIcon, type ActionIconProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props extends ActionIconProps {
  /** What it does: read aloud, and shown to whoever points at it or reaches it by the keyboard. */
  label: string;
  /** Shown instead of `label` for as long as it holds, such as "Copied". */
  tip?: string;
  onClick: () => void;
  children: ReactNode;
}

/** A button with only an icon. Its tip is drawn by parts.css: no library has to place it. */
export function IconButton({ label, tip = label, children, ...props }: Props) {
  return (
    <ActionIcon {...props} aria-label={label} data-tip={tip}>
      {children}
    </ActionIcon>
  );
}
