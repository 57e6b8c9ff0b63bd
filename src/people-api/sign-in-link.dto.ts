import { IsString, Matches, MaxLength } from 'class-validator';
import { EMAIL, WRONG_EMAIL } from './email-form.js';

/** Whom to send a link. */
export class AskForLink {
  /** @example 'ada@example.com' */
  @IsString()
  @MaxLength(254)
  @Matches(EMAIL, WRONG_EMAIL)
  email: string;
}

/** The token of a link. */
export class UseLink {
  @IsString()
  @Matches(/^phl_\w{43}$/, { message: 'must be the token of a link' })
  token: string;
}
