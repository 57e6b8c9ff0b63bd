import { Modal } from '@mantine/core';
import { Link } from 'wouter';
import { NewLink } from '../portal-admin/new-link.js';
import { useSpaceLink } from '../session/space.js';

/** Makes a link that opens the portal of this space, and only this one, without a key. */
export default function PortalLink({ close }: { close: () => void }) {
  const link = useSpaceLink();
  return (
    <Modal opened onClose={close} title="Portal link" size={560}>
      <div className="stack">
        <p className="quiet flat">
          Opens this space for your customer without a key. Embed it in your product’s settings page, or send
          it. You can revoke it at any time.
        </p>
        <NewLink />
        <p className="flat">
          <Link href={link('portal')} onClick={close}>
            All links and the portal’s appearance
          </Link>
        </p>
      </div>
    </Modal>
  );
}
