import type { TokenOwner } from '../../core/oauth2.js';
import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';
import type { OAuth2Tokens } from '../../outbound/oauth2-tokens.js';
import type { Sender, SendRequest } from '../../outbound/sender.js';
import { loggedWithToken, sendWithToken } from './send-with-token.js';
import type { SignedHeaders } from './sign.js';

/** Sends requests to endpoints, with an access token to those that want one. */
export class EndpointSender {
  constructor(
    private readonly sender: Sender,
    private readonly tokens: OAuth2Tokens,
  ) {}

  /** Never throws. `owner`: whose token it is; null: none is needed. */
  send(owner: TokenOwner | null, request: SendRequest, headers: SignedHeaders): Promise<AttemptOutcome> {
    return owner === null ? this.sender.send(request) : this.sendWithToken(owner, request, headers);
  }

  /** Aborts the requests in flight; they end as `interrupted`. */
  close(): void {
    this.sender.close();
  }

  /** Notes the token in `headers`, so that no answer repeats it in the log. */
  private async sendWithToken(
    owner: TokenOwner,
    request: SendRequest,
    headers: SignedHeaders,
  ): Promise<AttemptOutcome> {
    const { outcome, token } = await sendWithToken(this.sender, this.tokens, owner, request);
    headers.logged = loggedWithToken(headers.logged);
    headers.token = token;
    return outcome;
  }
}
