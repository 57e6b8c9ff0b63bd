// Stands for @nestjs/swagger in this package, which describes no API: its decorators do nothing.
import { SetMetadata } from '@nestjs/common';

export { IntersectionType, OmitType, PartialType, PickType } from '@nestjs/mapped-types';

const nothing = () => () => undefined;

export const ApiBody = nothing;
/** These two count: a host that describes its API leaves our route out. */
export const ApiExcludeController = () => SetMetadata('swagger/apiExcludeController', [true]);
export const ApiExcludeEndpoint = () => SetMetadata('swagger/apiExcludeEndpoint', { disable: true });
export const ApiExtension = nothing;
export const ApiExtraModels = nothing;
export const ApiHeader = nothing;
export const ApiOkResponse = nothing;
export const ApiOperation = nothing;
export const ApiParam = nothing;
export const ApiProduces = nothing;
export const ApiProperty = nothing;
export const ApiPropertyOptional = nothing;
export const ApiQuery = nothing;
export const ApiResponse = nothing;
export const ApiServiceUnavailableResponse = nothing;
export const ApiTags = nothing;
export const getSchemaPath = () => '';

// Imported beside two constants, and not used.
export class DocumentBuilder {}
export class SwaggerModule {}
