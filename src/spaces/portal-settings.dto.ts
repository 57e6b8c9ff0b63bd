import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBase64,
  IsBoolean,
  IsIn,
  IsObject,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  COLOUR,
  FONT_NAME,
  LANGUAGES,
  LOGO_TYPES,
  SCHEMES,
  type Language,
  type LogoType,
  type Scheme,
} from '../core/portal-look.js';
import { Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { ArrayUnique } from '../http/array-unique.js';

const MAX_ADDRESS = 500;
const WEB_ADDRESS = { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' };
/** 64 KiB in base64, with its padding. */
const MAX_LOGO_TEXT = 87_384;

function IsColour(): PropertyDecorator {
  return (target, name) => {
    Matches(COLOUR, { message: 'must be a colour, e.g. #3355ff' })(target, name);
    OptionalNotNull()(target, name);
  };
}

/** Colours as `#rrggbb`. `background` and `text` go together, with a contrast of at least 4.5. */
export class PortalColours {
  /** Of buttons and links. */
  @IsColour()
  accent?: string;

  @IsColour()
  background?: string;

  @IsColour()
  text?: string;
}

/** Colours by scheme; what is left out is the dashboard's own. */
export class PortalSchemes {
  @OptionalNotNull()
  @IsObject()
  @ValidateNested()
  @Type(() => PortalColours)
  light?: PortalColours;

  @OptionalNotNull()
  @IsObject()
  @ValidateNested()
  @Type(() => PortalColours)
  dark?: PortalColours;
}

/** A logo as a file of up to 64 KiB. */
export class PortalLogo {
  @IsIn(LOGO_TYPES)
  type: LogoType;

  /** The file in base64. */
  @IsBase64()
  @MaxLength(MAX_LOGO_TEXT)
  data: string;
}

/** How the portal of a space looks. What is left out stays; null goes back to the default. */
export class ChangePortal {
  /** What the portal is called: the name of your product. */
  @OrNull('for the default')
  @IsString()
  @Length(1, 60)
  @Matches(/^[^\p{Cc}\p{Cf}]*$/u, { message: 'must have no control characters' })
  name?: string | null;

  /** The address of the logo. It replaces one that was uploaded. */
  @OrNull('for the default')
  @IsString()
  @Length(1, MAX_ADDRESS)
  @Schema(WEB_ADDRESS)
  logoUrl?: string | null;

  /** The logo itself: the engine keeps it and serves it. It replaces `logoUrl`. */
  @OrNull('for the default')
  @IsObject()
  @ValidateNested()
  @Type(() => PortalLogo)
  logo?: PortalLogo | null;

  /** Replaced as a whole. */
  @OrNull('for the default')
  @IsObject()
  @ValidateNested()
  @Type(() => PortalSchemes)
  colours?: PortalSchemes | null;

  /** Names of fonts: the first that the browser has is taken. */
  @OrNull('for the default')
  @IsArray()
  @ArrayMaxSize(6)
  @Matches(FONT_NAME, { each: true, message: 'must be names of fonts, e.g. Helvetica Neue' })
  @Schema({ items: { type: 'string', pattern: FONT_NAME.source } })
  fonts?: string[] | null;

  /** The address of a WOFF2 file for the first of these names. Its server has to allow it with CORS. */
  @OrNull('for the default')
  @IsString()
  @Length(1, MAX_ADDRESS)
  @Schema(WEB_ADDRESS)
  fontUrl?: string | null;

  /** Light or dark, or as the reader's system has it. */
  @OrNull('for the default')
  @IsIn(SCHEMES)
  scheme?: Scheme | null;

  /** The language; null: the browser's, or English where the portal has none of its languages. */
  @OrNull('for the default')
  @IsIn(LANGUAGES)
  language?: Language | null;

  /** Whether the portal says that it is made with Posthorn. */
  @OrNull('for the default')
  @IsBoolean()
  showPosthorn?: boolean | null;

  /**
   * Origins whose pages may show this space's portal in a frame, e.g. `https://app.example.com`, besides those that
   * `POSTHORN_PORTAL_FRAME_ANCESTORS` names. Replaced as a whole.
   */
  @OrNull('for the default')
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(MAX_ADDRESS, { each: true })
  frameAncestors?: string[] | null;
}

/** How the portal of a space looks. Null: as the instance has it, or the dashboard's own. */
export class PortalView {
  name: string | null;
  /** The address of the logo, also of one that was uploaded. */
  logoUrl: string | null;
  colours: PortalSchemes | null;
  fonts: string[];
  fontUrl: string | null;
  scheme: Scheme;
  language: Language | null;
  showPosthorn: boolean;
  frameAncestors: string[];
}
