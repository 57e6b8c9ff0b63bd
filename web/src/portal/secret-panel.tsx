import { useEndpointSecret, useRotateSecret } from '@posthorn/react';
import { useState } from 'react';
import { Untrusted } from '../text/untrusted.js';
import { useWords } from './language.js';
import { forgetNewSecret, newSecretOf } from './new-secrets.js';
import { Ask, CopyButton, ErrorNote, Loading, Panel } from './parts.js';

/** Shows the secret on demand, and right after the endpoint was made. */
export function SecretPanel({ endpoint }: { endpoint: string }) {
  const words = useWords();
  const fresh = newSecretOf(endpoint);
  const [isShown, setShown] = useState(false);
  const [asks, setAsks] = useState(false);
  const rotate = useRotateSecret();
  const rotated = () => {
    forgetNewSecret(endpoint);
    setAsks(false);
    setShown(true);
  };
  // Its end is heard also where one has gone to another page meanwhile.
  const exchange = () => void rotate.mutateAsync({ endpoint }).then(rotated, () => undefined);
  return (
    <Panel title={words.text('secret.title')}>
      <p className="quiet">{words.text('secret.about')}</p>
      {fresh !== null && !isShown && (
        <>
          <p>{words.text('secret.created')}</p>
          <Shown secret={fresh} />
        </>
      )}
      {isShown && <Read endpoint={endpoint} />}
      <div className="row wrap">
        {(fresh === null || isShown) && (
          <button type="button" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            {words.text(isShown ? 'secret.hide' : 'secret.show')}
          </button>
        )}
        <button type="button" aria-expanded={asks} onClick={() => setAsks(true)}>
          {words.text('secret.rotate')}
        </button>
      </div>
      {asks && (
        <Ask
          question={words.text('secret.rotateAsk')}
          yes={words.text('secret.rotateYes')}
          isBusy={rotate.isPending}
          onYes={exchange}
          onNo={() => setAsks(false)}
        />
      )}
      {rotate.error && <ErrorNote error={rotate.error} />}
    </Panel>
  );
}

function Read({ endpoint }: { endpoint: string }) {
  const words = useWords();
  const { data, error, refetch } = useEndpointSecret(endpoint);
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.secret === null) return <p>{words.text('secret.none')}</p>;
  return (
    <>
      <Shown secret={data.secret} />
      {data.previous.map(({ expiresAt }) => (
        <p key={expiresAt} className="quiet small">
          {words.text('secret.old', { time: words.date(expiresAt) })}
        </p>
      ))}
    </>
  );
}

function Shown({ secret }: { secret: string }) {
  return (
    <div className="row secret">
      <code className="break">
        <Untrusted>{secret}</Untrusted>
      </code>
      <CopyButton text={secret} />
    </div>
  );
}
