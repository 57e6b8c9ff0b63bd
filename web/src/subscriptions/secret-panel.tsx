import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { body, GET } from '../api/client.js';
import { CopyButton } from '../parts/copy-button.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import type { Subscription } from './subscriptions.js';
import { VerifySnippets } from './verify-snippets.js';

/** The secret, asked for only when one wants to see it, and how to verify with it. */
export function SecretPanel({ subscription }: { subscription: Subscription }) {
  const space = useSpace();
  const [shown, setShown] = useState(false);
  const secret = useQuery({
    queryKey: ['secret', space, subscription.id],
    queryFn: () =>
      body(
        GET('/v1/spaces/{space}/subscriptions/{sub}/secret', {
          params: { path: { space, sub: subscription.id } },
        }),
      ),
    enabled: shown,
    gcTime: 0,
  });
  return (
    <Panel
      title="Verify"
      actions={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={shown ? <EyeOff size={12} /> : <Eye size={12} />}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide secret' : 'Show secret'}
        </Button>
      }
    >
      <div className="stack stack-tight">
        {shown && secret.error && <ProblemNote error={secret.error} />}
        {shown && secret.data && (
          <>
            <div className="row">
              <code className="secret-box break">
                {secret.data.secret ?? 'none: this profile does not sign'}
              </code>
              {secret.data.secret !== null && <CopyButton text={secret.data.secret} label="Copy secret" />}
            </div>
            {secret.data.previous.map(({ expiresAt }) => (
              <p key={expiresAt} className="quiet small flat">
                The previous secret is also used until <Time at={expiresAt} />.
              </p>
            ))}
          </>
        )}
        <VerifySnippets profile={subscription.profile} />
      </div>
    </Panel>
  );
}
