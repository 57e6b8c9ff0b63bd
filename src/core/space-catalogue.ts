/** Whether data is compared with its type's schema at publish: not at all, to tell of it, or to refuse what differs. */
export const VALIDATIONS = ['off', 'warn', 'enforce'] as const;
export type Validation = (typeof VALIDATIONS)[number];

/** What a space decided about its catalogue; what is absent is as the instance has it. */
export interface SpaceCatalogue {
  /** Whether the built-in events of a CRM are part of it. */
  builtInEvents?: boolean;
  /** Names and patterns of built-in events and of the instance's event types that are not part of it. */
  hidden?: string[];
  /** Features of the instance's event types that the space has. */
  features?: string[];
  validation?: Validation;
}

/** The same as everybody has it. */
export interface CatalogueDefaults {
  builtInEvents: boolean;
  validation: Validation;
}
