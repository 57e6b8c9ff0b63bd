import type { MappingStep } from './mapping.js';

/** The highest number that a version of an event type may have. */
export const MAX_VERSION = 1_000;

/** A later version of an event type, as it is stored under its number. The type itself is version 1. */
export interface StoredVersion {
  description?: string;
  schema: object;
  /** JSON text: jsonb would sort its keys. */
  example: string;
  /** What is published without a version is none of a draft. */
  draft: boolean;
  /** Makes its data data of the version before; null: that is not possible. */
  downgrade: MappingStep[] | null;
}

/** By number: `2` and later. */
export type StoredVersions = Record<string, StoredVersion>;
