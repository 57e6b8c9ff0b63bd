import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { BASE, type Schemas } from '../api/client.js';
import { visible } from '../text/untrusted.js';
import { BY_COOKIE, dropLinkToken, linkToken, startSession } from './key-store.js';

/** Why the engine sent the browser back without a session (`?sign-in=…`). */
const PROBLEMS: Record<string, string> = {
  unknown: 'You have no access yet. Ask an admin to invite your mail address.',
  no_role: 'You have no role any more. Ask an admin for one.',
  unverified: 'The provider has not verified your mail address. Verify it there, then try again.',
  other_account:
    'This mail address belongs to another account here. Ask an admin to remove that person first.',
  provider: 'The provider does not respond. Try again in a moment.',
  failed: 'Signing in failed. Try again.',
};

/** The ways for people: at the identity provider, or by a link in a mail. */
export default function PeopleSignIn({
  ways,
  reason,
}: {
  ways: Schemas['SignInWays'];
  reason: string | null;
}) {
  const [code] = useState(takeCode);
  const problem = code === null ? reason : (PROBLEMS[code] ?? PROBLEMS.failed ?? null);
  const token = linkToken();
  if (token !== null && ways.link) return <UseLink token={token} />;
  return (
    <>
      {problem !== null && (
        <p className="flat" role="alert">
          {problem}
        </p>
      )}
      {ways.oidc && (
        <Button
          component="a"
          fullWidth
          href={`${BASE}/v1/sign-in/oidc?next=${encodeURIComponent(pageAsked())}`}
        >
          Sign in with {visible(ways.oidc.name)}
        </Button>
      )}
      {ways.link && <AskForLink />}
    </>
  );
}

/** The code of the address, which tells of this sign-in and of no later one. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.search).get('sign-in');
  if (code !== null) history.replaceState(null, '', `${location.pathname}${location.hash}`);
  return code;
}

function pageAsked(): string {
  const page = location.hash.slice(1);
  return page.startsWith('/') ? page : '/';
}

function AskForLink() {
  const [email, setEmail] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ problem: boolean; text: string } | null>(null);
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    const problem = await post('', { email: email.trim() });
    setBusy(false);
    setSaid(
      problem === null
        ? {
            problem: false,
            text: `If ${email.trim()} has access, a link is on its way. It works for 15 minutes.`,
          }
        : { problem: true, text: problem },
    );
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Mail address"
        type="email"
        name="email"
        autoComplete="email"
        value={email}
        error={said?.problem ? said.text : undefined}
        onChange={(event) => setEmail(event.currentTarget.value)}
        required
        withAsterisk={false}
      />
      <Button type="submit" variant="default" fullWidth loading={busy} disabled={email.trim() === ''}>
        Send me a link
      </Button>
      {said && !said.problem && (
        <p className="flat" role="status">
          {said.text}
        </p>
      )}
    </form>
  );
}

/** A press of a button uses the link up: programs that look through mails only open it. */
function UseLink({ token }: { token: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function use() {
    setBusy(true);
    const refused = await post('/use', { token });
    setBusy(false);
    setProblem(refused);
    if (refused === null) {
      dropLinkToken();
      startSession(BY_COOKIE);
    }
  }
  return (
    <>
      {problem === null ? (
        <Button fullWidth loading={busy} onClick={() => void use()} data-autofocus>
          Sign in with this link
        </Button>
      ) : (
        <>
          <p className="flat" role="alert">
            {problem}
          </p>
          <Button fullWidth variant="default" onClick={dropLinkToken}>
            Ask for a new link
          </Button>
        </>
      )}
    </>
  );
}

/** Null, or why not. Not through the API's client: nobody is signed in, and a 401 ends nothing. */
async function post(path: string, content: object): Promise<string | null> {
  try {
    const response = await fetch(`${BASE}/v1/sign-in/link${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-posthorn-client': 'dashboard' },
      body: JSON.stringify(content),
    });
    if (response.ok) return null;
    const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
    return response.status === 422
      ? 'Enter a complete mail address.'
      : (detail ?? 'Signing in failed. Try again.');
  } catch {
    return 'Posthorn does not respond. Try again in a moment.';
  }
}
