import { Button, PasswordInput } from '@mantine/core';
import { Suspense, useEffect, useState, useSyncExternalStore, type SubmitEvent } from 'react';
import { BASE } from '../api/client.js';
import { lazyPage } from '../navigation/lazy-page.js';
import { Mark } from '../navigation/mark.js';
import { Loading } from '../parts/loading.js';
import { BY_COOKIE, endReason, onSessionChange, startSession } from './key-store.js';
import { useSignInWays } from './sign-in-ways.js';
import './sign-in.css';

const PeopleSignIn = lazyPage(() => import('./people-sign-in.js'));

/** Asks for a key and tries it before it is kept; offers people their own ways where the engine has any. */
export function SignIn() {
  const reason = useSyncExternalStore(onSessionChange, endReason);
  const ways = useSignInWays();
  const signedIn = ways.data?.signedIn ?? false;
  useEffect(() => {
    // Do not begin a session again that ended a moment ago.
    if (signedIn && reason === null) startSession(BY_COOKIE);
  }, [signedIn, reason]);
  const hasWays = ways.data !== undefined && (ways.data.oidc !== null || ways.data.link);

  if (ways.isPending) return <Loading label="Signing in" />;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark size={34} />
        <h1>Sign in to Posthorn</h1>
        {hasWays ? (
          <Suspense fallback={<Loading />}>
            <PeopleSignIn ways={ways.data} reason={reason} />
            <details>
              <summary className="quiet">Use a key</summary>
              <KeyForm reason={null} />
            </details>
          </Suspense>
        ) : (
          <KeyForm reason={reason} />
        )}
      </div>
    </main>
  );
}

function KeyForm({ reason }: { reason: string | null }) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(await tryKey(key.trim()));
    setBusy(false);
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <p className="quiet">Use the operator’s admin key, or a key of one space.</p>
      <PasswordInput
        label="Key"
        name="key"
        autoComplete="off"
        spellCheck={false}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={problem ?? reason}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Button type="submit" fullWidth loading={busy} disabled={key.trim() === ''}>
        Sign in
      </Button>
      <p className="quiet small">
        The key stays in this tab and is forgotten when you close it. With the embedded database, the admin
        key is in the file <code>admin-key</code> of the data folder.
      </p>
    </form>
  );
}

/** Starts the session when the engine takes the key; else says why not. */
async function tryKey(key: string): Promise<string | null> {
  // A header can carry no other characters; the browser would refuse with words nobody understands.
  if (!/^[\x21-\x7e]+$/.test(key))
    return 'This is not a key. Keys have letters, digits and a few other characters.';
  const headers = { authorization: `Bearer ${key}` };
  try {
    const response = await fetch(`${BASE}/v1/session`, { headers });
    if (response.status === 401) return 'This key is not valid. Check it, or ask for a new one.';
    if (response.status === 429) return 'Too many attempts. Wait a minute, then try again.';
    if (!response.ok) return `The server responded with ${response.status}. Try again in a moment.`;
    startSession(key);
    return null;
  } catch {
    return 'Posthorn does not respond. Check that it runs, then try again.';
  }
}
