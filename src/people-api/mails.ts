import { LINK_MINUTES } from '../people/sign-in.service.js';
import type { Mail } from './mailer.js';

/** The token is in the fragment, which browsers send to nobody: no log and no Referer ever holds it. */
export function linkMail(to: string, token: string, publicUrl: string): Mail {
  const text = `Sign in to Posthorn with this link:

${publicUrl}/#sign-in=${token}

It works once, within ${LINK_MINUTES} minutes.
If you did not ask for it, do nothing: nobody can use it without this mail.
`;
  return { to, subject: 'Your link to sign in to Posthorn', text };
}

/** Null for somebody without an address. */
export function invitationMail({ email: to }: { email: string | null }, publicUrl: string): Mail | null {
  if (to === null) return null;
  const text = `You can now sign in to Posthorn:

${publicUrl}/

Use this mail address there.
`;
  return { to, subject: 'You are invited to Posthorn', text };
}
