import { Button, Modal, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { body, DELETE, POST } from '../api/client.js';
import { CopyButton } from '../parts/copy-button.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

const LASTS = [
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '28800', label: '8 hours' },
];

/** Makes a link that opens this space, and only this one, without a key. */
export default function PortalLink({ close }: { close: () => void }) {
  const space = useSpace();
  const [scope, setScope] = useState<'read' | 'manage'>('read');
  const [lasts, setLasts] = useState('3600');
  const make = useMutation({
    mutationFn: () =>
      body(
        POST('/v1/spaces/{space}/portal-links', {
          params: { path: { space } },
          body: { scope, expiresInSeconds: Number(lasts) },
        }),
      ),
  });
  const revoke = useMutation({
    mutationFn: (link: string) =>
      DELETE('/v1/spaces/{space}/portal-links/{link}', { params: { path: { space, link } } }),
    onSuccess: make.reset,
  });
  return (
    <Modal opened onClose={close} title="Portal link" size={520}>
      <div className="stack">
        <p className="quiet flat">
          Opens this space for your customer, without a key. Embed it in your product’s settings page, or send
          it. You can revoke it at any time.
        </p>
        {make.data ? (
          <>
            <div className="row">
              <code className="secret-box ellipsis">
                <Untrusted>{make.data.url}</Untrusted>
              </code>
              <CopyButton words label="Copy" text={make.data.url} />
            </div>
            <div className="row">
              <span className="quiet">
                Works until <Time at={make.data.expiresAt} />. It is shown only now.
              </span>
              <Button
                className="push"
                variant="light"
                color="red"
                loading={revoke.isPending}
                onClick={() => revoke.mutate(make.data.id)}
              >
                Revoke
              </Button>
            </div>
          </>
        ) : (
          <div className="row wrap form-line">
            <Select
              label="May"
              data={[
                { value: 'read', label: 'look' },
                { value: 'manage', label: 'look and change' },
              ]}
              value={scope}
              onChange={(value) => setScope(value === 'manage' ? value : 'read')}
            />
            <Select
              label="Works for"
              data={LASTS}
              value={lasts}
              onChange={(value) => setLasts(value ?? '3600')}
            />
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              Make link
            </Button>
          </div>
        )}
        {make.error && <ProblemNote error={make.error} />}
        {revoke.error && <ProblemNote error={revoke.error} />}
      </div>
    </Modal>
  );
}
