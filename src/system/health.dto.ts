import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

export class Liveness {
  status: 'ok';
}

/** How one thing the process needs is doing. */
export class CheckResult {
  status: 'ok' | 'failed' | 'timeout';
  /** How long the check took, milliseconds. */
  ms: number;
  /**
   * What is wrong, where that is known: the database takes no writes, its disk is full, or it does not respond; or the
   * process stops.
   */
  reason?: 'read_only' | 'disk_full' | 'away' | 'stopping';
}

@ApiExtraModels(CheckResult)
export class Readiness {
  status: 'ok' | 'unavailable';
  /** Each check by name. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(CheckResult) } })
  checks: Record<string, CheckResult>;
}
