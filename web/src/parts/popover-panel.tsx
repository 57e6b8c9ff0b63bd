import { Button, Popover, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  button: ButtonProps;
  position: 'bottom-start' | 'bottom-end';
  width?: number;
  children: ReactNode;
}

export default function PopoverPanel({ button, position, width, children }: Props) {
  return (
    <Popover defaultOpened position={position} shadow="md" trapFocus {...(width !== undefined && { width })}>
      <Popover.Target>
        <Button variant="default" {...button} />
      </Popover.Target>
      <Popover.Dropdown>{children}</Popover.Dropdown>
    </Popover>
  );
}
