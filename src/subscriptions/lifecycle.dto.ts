import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { OptionalNotNull } from '../http/optional-not-null.js';

/** How to resume. */
export class ResumeInput {
  /** What becomes of the deliveries held meanwhile: sent, oldest first, or cancelled. */
  @ApiPropertyOptional()
  @IsIn(['deliver', 'discard'])
  backlog: 'deliver' | 'discard' = 'deliver';
}

/** How to rotate a secret. */
export class RotateInput {
  /** `whsec_` and the base64 of 24 to 64 bytes; other profiles have forms of their own. Default: one is made. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(256)
  secret?: string;

  /** Seconds for which the secrets before it go on signing. 0: they stop at once. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(0)
  @Max(604_800)
  overlapSeconds: number = 86_400;
}
