import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { Mark } from '../navigation/mark.js';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { answerOffer } from './key-store.js';
import { useSignInWays } from './sign-in-ways.js';
import './sign-in.css';

/** Asks who opened a portal link over their own session which of the two they want. */
export function LinkOffer() {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark size={34} />
        <h1>Switch session?</h1>
        <p className="quiet">
          You are signed in, and you opened a link to another session. Continue only if you trust its sender:
          all that you do then is done in the space of that link.
        </p>
        <Button fullWidth onClick={() => answerOffer(false)} data-autofocus>
          Keep my session
        </Button>
        <Button fullWidth variant="default" onClick={() => answerOffer(true)}>
          Open the link
        </Button>
      </div>
    </main>
  );
}

/** A tab without a key may still have a person's session, by its cookie. Without one the link is opened at once. */
export function LinkInNewTab() {
  const { data, error, refetch } = useSignInWays();
  const isFree = data?.signedIn === false;
  useEffect(() => {
    if (isFree) answerOffer(true);
  }, [isFree]);
  if (data?.signedIn) return <LinkOffer />;
  if (!error) return <Loading label="Signing in" />;
  return (
    <main className="sign-in">
      <ProblemNote error={error} retry={() => void refetch()} />
    </main>
  );
}
