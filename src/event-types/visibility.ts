import type { ProfileName } from '../core/domain-types.js';
import { compilePatterns } from '../core/event-pattern.js';
import type { CatalogueDefaults, SpaceCatalogue, Validation } from '../core/space-catalogue.js';
import { eventTypeNames, profileOf } from '../profiles/registry.js';

const NO_NAMES: ReadonlySet<string> = new Set();

/** Which built-in events, and which event types of the instance, are part of a space's catalogue. */
export class Visibility {
  /** Whether the instance's event types are for this space at all. */
  readonly takesInstanceTypes: boolean;
  /** Validation of types that say nothing themselves. */
  readonly validation: Validation;
  /** The profile's own events, those that the space hides included; none where it has them turned off. */
  readonly builtIns: ReadonlySet<string>;
  private readonly isHidden: ((name: string) => boolean) | null;
  private readonly features: ReadonlySet<string>;

  constructor(profile: ProfileName, own: SpaceCatalogue | null, defaults: CatalogueDefaults) {
    // A provider's catalogue is the provider's: only ours can be turned off, hidden and added to by the instance.
    this.takesInstanceTypes = profileOf(profile).takesInstanceTypes ?? false;
    const isOn = !this.takesInstanceTypes || (own?.builtInEvents ?? defaults.builtInEvents);
    this.builtIns = isOn ? eventTypeNames(profile) : NO_NAMES;
    this.validation = own?.validation ?? defaults.validation;
    this.isHidden =
      this.takesInstanceTypes && own?.hidden && own.hidden.length > 0 ? compilePatterns(own.hidden) : null;
    this.features = new Set(own?.features);
  }

  /** Whether a built-in event is part of the catalogue. */
  hasBuiltIn(name: string): boolean {
    return this.builtIns.has(name) && !this.hides(name);
  }

  /** Whether an event type of the instance is. */
  hasInstanceType({ name, feature }: { name: string; feature: string | null }): boolean {
    return this.takesInstanceTypes && (feature === null || this.features.has(feature)) && !this.hides(name);
  }

  private hides(name: string): boolean {
    return this.isHidden?.(name) ?? false;
  }
}
