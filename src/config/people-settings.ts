import { isEmail } from 'class-validator';
import { flag, list, text, whole, type Setting } from './setting.js';
import {
  CREDENTIAL_RULE,
  ISSUER_RULE,
  MAIL_FROM_RULE,
  SMTP_RULE,
  WORD_RULE,
  WORDS_RULE,
} from './setting-rules.js';

/** How people sign in to the dashboard. Without an issuer and a mail server nobody does, and there are keys only. */
export const PEOPLE_SETTINGS = {
  admins: list((it) => isEmail(it), 'a list of mail addresses, e.g. ada@example.com', {
    variable: 'POSTHORN_ADMINS',
    doc:
      'Mail addresses of people who are admins, whatever else is stored of them: the first one invites ' +
      'the others. See [docs/people.md](docs/people.md).',
  }),
  oidcIssuer: text({
    variable: 'POSTHORN_OIDC_ISSUER',
    defaultNote: 'nobody signs in by it',
    rule: ISSUER_RULE,
    doc: 'The OpenID Connect provider at which people sign in, e.g. `https://login.example.com`.',
  }),
  oidcClientId: text({
    variable: 'POSTHORN_OIDC_CLIENT_ID',
    rule: CREDENTIAL_RULE,
    doc:
      'What the provider knows Posthorn as. Its redirect address is `POSTHORN_PUBLIC_URL` with ' +
      '`/v1/sign-in/oidc/callback`.',
  }),
  oidcClientSecret: text({
    variable: 'POSTHORN_OIDC_CLIENT_SECRET',
    defaultNote: 'a public client',
    rule: CREDENTIAL_RULE,
    isSecret: true,
    doc: "The client's secret at the provider.",
  }),
  oidcName: text({
    variable: 'POSTHORN_OIDC_NAME',
    defaultNote: "the issuer's host",
    rule: WORDS_RULE,
    doc: 'What the sign-in page calls the provider, e.g. `Okta`.',
  }),
  oidcScopes: text({
    variable: 'POSTHORN_OIDC_SCOPES',
    default: 'openid email profile',
    rule: WORDS_RULE,
    doc: 'The scopes to ask the provider for, separated by blanks.',
  }),
  oidcRoleClaim: text({
    variable: 'POSTHORN_OIDC_ROLE_CLAIM',
    defaultNote: 'roles are given in Posthorn',
    rule: WORD_RULE,
    doc:
      "The claim of the ID token with a person's role: `viewer`, `support`, `operator` or `admin`, or a " +
      'list with these, also as `posthorn-admin`. Who has one needs no invitation.',
  }),
  oidcTrustEmail: flag({
    variable: 'POSTHORN_OIDC_TRUST_EMAIL',
    doc:
      'Whether to believe mail addresses that the provider does not call verified. Only where nobody ' +
      'can choose their own address there.',
  }),
  oidcLogout: {
    ...flag({
      variable: 'POSTHORN_OIDC_LOGOUT',
      doc:
        'Whether who signs out here signs out at the provider, too, where it offers that. Register ' +
        '`POSTHORN_PUBLIC_URL` with `/` there as an address to return to.',
    }),
    default: true,
    defaultText: 'true',
  },
  smtpUrl: text({
    variable: 'POSTHORN_SMTP_URL',
    defaultNote: 'no mails',
    rule: SMTP_RULE,
    isSecret: true,
    doc:
      'The mail server for sign-in links and invitations, e.g. ' +
      '`smtps://user:password@mail.example.com:465`, or `smtp://` with STARTTLS.',
  }),
  mailFrom: text({
    variable: 'POSTHORN_MAIL_FROM',
    rule: MAIL_FROM_RULE,
    doc: 'The sender of mails, e.g. `Posthorn <posthorn@example.com>`.',
  }),
  sessionHours: whole([1, 720], 'a number of hours from 1 to 720, e.g. 12', {
    variable: 'POSTHORN_SESSION_HOURS',
    default: 12,
    doc: 'After how many hours people have to sign in again.',
  }),
} satisfies Record<string, Setting<unknown>>;
