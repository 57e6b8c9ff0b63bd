import { Button, Modal } from '@mantine/core';
import { CopyButton } from '../parts/copy-button.js';
import { VerifySnippets } from './verify-snippets.js';

interface Props {
  /** Null where there is none, or the profile shows none. */
  secret: string | null;
  profile: string;
  close: () => void;
}

/** The signing secret, right after it was made. */
export function SecretOnce({ secret, profile, close }: Props) {
  return (
    <Modal opened onClose={close} title="The signing secret" size={680} closeOnClickOutside={false}>
      <div className="stack">
        {secret === null ? (
          <p className="flat">This profile has no secret to show.</p>
        ) : (
          <>
            <p className="flat">
              Configure it at the endpoint now, for example as <code>WEBHOOK_SECRET</code>. The endpoint
              verifies signatures with it.
            </p>
            <div className="row">
              <code className="secret-box break">{secret}</code>
              <CopyButton words label="Copy" text={secret} />
            </div>
          </>
        )}
        <VerifySnippets profile={profile} />
        <div className="row">
          <Button className="push" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    </Modal>
  );
}
