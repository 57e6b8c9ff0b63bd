import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** The label of the button. */
  action: string;
  busy: boolean;
  run: () => void;
  close: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be undone. */
export default function Confirm({ title, action, busy, run, close, children }: Props) {
  return (
    <Modal opened onClose={close} title={title}>
      <div className="stack">
        <p className="flat">{children}</p>
        <div className="row">
          <Button className="push" variant="default" onClick={close} data-autofocus>
            Keep
          </Button>
          <Button color="red" loading={busy} onClick={run}>
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
