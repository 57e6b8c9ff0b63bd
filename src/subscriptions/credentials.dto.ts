import { IsIn, IsString, MaxLength } from 'class-validator';
import { OAUTH2_METHODS, type OAuth2Method } from '../core/oauth2.js';
import { Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { HTTP_URL, PRINTABLE_ASCII } from './subscription-schemas.js';

/** What proves to the endpoint who connects (mTLS). */
export class ClientCertificateInput {
  /** PEM: the certificate, and after it those of its issuers if the endpoint needs them. */
  @IsString()
  @MaxLength(65_536)
  certificate: string;

  /** PEM: its private key, not encrypted. Kept encrypted, and never shown again. */
  @IsString()
  @MaxLength(16_384)
  key: string;
}

/** How to get access tokens for the endpoint: OAuth2 client credentials (RFC 6749, section 4.4). */
export class OAuth2Input {
  /** Where tokens are asked for; under the same rules as `url`. */
  @Schema(HTTP_URL)
  @IsString()
  @MaxLength(2_048)
  tokenUrl: string;

  @Schema({ pattern: PRINTABLE_ASCII })
  @IsString()
  @MaxLength(1_024)
  clientId: string;

  /** Kept encrypted, and never shown again. */
  @Schema({ pattern: PRINTABLE_ASCII })
  @IsString()
  @MaxLength(4_096)
  clientSecret: string;

  @OptionalNotNull()
  @Schema({ pattern: PRINTABLE_ASCII })
  @IsString()
  @MaxLength(2_048)
  scope?: string;

  @OptionalNotNull()
  @Schema({ pattern: PRINTABLE_ASCII })
  @IsString()
  @MaxLength(2_048)
  audience?: string;

  /** How the client proves itself to the token server. Default: `client_secret_basic`. */
  @OptionalNotNull()
  @IsIn(OAUTH2_METHODS)
  authMethod?: OAuth2Method;
}
