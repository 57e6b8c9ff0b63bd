import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, Matches } from 'class-validator';

/** Whose names to tell. */
export class NamesQuery {
  /** `sub_` ids, each as a parameter of its own. */
  @ApiProperty({ type: [String] })
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(/^sub_[0-9a-f]{32}$/, { each: true, message: 'must be sub_ ids' })
  subscription: string[];
}

/** What a subscription is called. */
export class NameView {
  /** As it was asked for. */
  subscription: string;
  uid: string | null;
  /** Null: there is no such subscription any more. */
  url: string | null;
}

export class NameList {
  /** In the order of the question. */
  data: NameView[];
}
