import { OmitType, PartialType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { ProfileName } from '../core/words.js';
import { MayBeAbsent } from '../http/may-be-absent.js';
import { IsMetadata, type Metadata } from '../http/metadata.js';
import { IsUid } from '../http/uid.js';
import { knownProfiles } from '../profiles/registry.js';

export class CreateSpace {
  /**
   * What people call it.
   * @example 'Acme Ltd'
   */
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * Your own id for it; paths take it wherever they take ours. No two spaces share one.
   * @example 'acme'
   */
  @IsOptional()
  @IsUid()
  uid?: string | null;

  /** How its webhooks behave. It cannot be changed later. */
  @MayBeAbsent()
  @IsIn(knownProfiles())
  profile?: ProfileName;

  /** Your own notes: up to 50 strings by name. */
  @MayBeAbsent()
  @IsMetadata()
  metadata?: Metadata;
}

/** What is left out stays; `uid: null` takes the uid away; `metadata` is replaced as a whole. */
export class UpdateSpace extends PartialType(OmitType(CreateSpace, ['profile']), {
  skipNullProperties: false,
}) {}

/** A tenant: everything belongs to exactly one. */
export class Space {
  /** @example 'spc_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** Your own id for it. */
  uid: string | null;
  /** What people call it. */
  name: string;
  /** How its webhooks behave. */
  profile: ProfileName;
  /** Your own notes. */
  metadata: Metadata;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** ISO 8601, UTC. */
  updatedAt: string;
}

export class SpaceList {
  data: Space[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
