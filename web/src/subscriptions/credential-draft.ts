import type { Schemas } from '../api/client.js';
import type { Subscription } from './subscriptions.js';

type Mode = 'none' | 'kept' | 'set' | 'removed';

/** What is in the form of a subscription's credentials for its endpoint. */
export interface CredentialDraft {
  certificateMode: Mode;
  certificate: string;
  key: string;
  oauth2Mode: Mode;
  tokenServer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  audience: string;
  authMethod: 'client_secret_basic' | 'client_secret_post';
}

export const NO_CREDENTIALS: CredentialDraft = {
  certificateMode: 'none',
  certificate: '',
  key: '',
  oauth2Mode: 'none',
  tokenServer: '',
  clientId: '',
  clientSecret: '',
  scope: '',
  audience: '',
  authMethod: 'client_secret_basic',
};

export function credentialDraftOf({ clientCertificate, oauth2 }: Subscription): CredentialDraft {
  return {
    ...NO_CREDENTIALS,
    certificateMode: clientCertificate ? 'kept' : 'none',
    oauth2Mode: oauth2 ? 'kept' : 'none',
    ...(oauth2 && {
      tokenServer: oauth2.tokenUrl,
      clientId: oauth2.clientId,
      scope: oauth2.scope ?? '',
      audience: oauth2.audience ?? '',
      authMethod: oauth2.authMethod,
    }),
  };
}

/** As the API takes it: what is kept is left out. */
export function credentialsOf(
  draft: CredentialDraft,
): Pick<Schemas['NewSubscription'], 'clientCertificate' | 'oauth2'> {
  const { certificateMode, certificate, key, oauth2Mode, tokenServer, clientId, clientSecret } = draft;
  return {
    ...(certificateMode === 'removed' && { clientCertificate: null }),
    ...(certificateMode === 'set' && { clientCertificate: { certificate, key } }),
    ...(oauth2Mode === 'removed' && { oauth2: null }),
    ...(oauth2Mode === 'set' && {
      oauth2: {
        tokenUrl: tokenServer.trim(),
        clientId,
        clientSecret,
        authMethod: draft.authMethod,
        ...(draft.scope !== '' && { scope: draft.scope }),
        ...(draft.audience !== '' && { audience: draft.audience }),
      },
    }),
  };
}
