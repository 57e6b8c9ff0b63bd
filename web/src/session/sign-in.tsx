import { Button, PasswordInput } from '@mantine/core';
import { useState, useSyncExternalStore, type SubmitEvent } from 'react';
import { BASE } from '../api/client.js';
import { Mark } from '../navigation/mark.js';
import { endReason, onSessionChange, startSession } from './key-store.js';
import './sign-in.css';

/** Asks for a key and tries it before it is kept. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const reason = useSyncExternalStore(onSessionChange, endReason);
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(await tryKey(key.trim()));
    setBusy(false);
  }

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void submit(event)}>
        <Mark size={34} />
        <h1>Sign in to Posthorn</h1>
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
          The key stays in this tab until you close it. With the embedded database, Posthorn generates an
          admin key at the first start, prints where it is, and keeps it in the data folder.
        </p>
      </form>
    </main>
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
