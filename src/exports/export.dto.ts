import { IntersectionType, OmitType } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { DeliveryQuery } from '../deliveries/delivery.dto.js';
import { EventQuery } from '../events/event.dto.js';
import { CURSOR_FORM } from '../http/cursor.js';
import { Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';

/** How to export. */
export class ExportOptions {
  /** `ndjson`: one JSON object a line, and a last line that says that it is the end. `csv`: RFC 4180 in UTF-8. */
  @IsIn(['ndjson', 'csv'])
  format: 'ndjson' | 'csv' = 'ndjson';

  /** `asc`: oldest first, so that going on later brings what came since. */
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';

  /** The `cursor` of the last row you have: goes on behind it. Use the same filter and order as before. */
  @OptionalNotNull()
  @Schema({ pattern: CURSOR_FORM })
  @IsString()
  @MaxLength(512)
  after?: string;

  /** `body`: with payloads. */
  @OptionalNotNull()
  @IsIn(['body'])
  include?: 'body';

  /** Of CSV: whether the first record names the columns. */
  @IsIn(['true', 'false'])
  header: 'true' | 'false' = 'true';

  /** Of CSV: whether it begins with a byte order mark, by which Excel knows UTF-8. */
  @IsIn(['true', 'false'])
  bom: 'true' | 'false' = 'false';
}

/** Which deliveries to export, or the attempts of which, and how. */
export class DeliveryExportQuery extends IntersectionType(
  OmitType(DeliveryQuery, ['limit', 'cursor', 'order']),
  ExportOptions,
) {}

/** Which events to export, and how. */
export class EventExportQuery extends IntersectionType(
  OmitType(EventQuery, ['limit', 'cursor', 'order']),
  ExportOptions,
) {}
