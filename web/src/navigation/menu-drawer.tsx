import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

/** The navigation on a phone. */
export default function MenuDrawer({ close, children }: { close: () => void; children: ReactNode }) {
  return (
    <Drawer opened onClose={close} size={264} title="Posthorn" padding="sm">
      <div className="side-in-drawer">{children}</div>
    </Drawer>
  );
}
