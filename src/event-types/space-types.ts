import type { ProfileName } from '../core/domain-types.js';
import type { CatalogueDefaults, SpaceCatalogue, Validation } from '../core/space-catalogue.js';
import type { InstanceCatalogue } from './instance-catalogue.js';
import { versionFor, type KnownVersions } from './known-versions.js';
import { Visibility } from './visibility.js';

/** What publishing must know of an event type besides its name. */
export interface TypeRule {
  name: string;
  /** Whose schema it has. */
  owner: 'profile' | 'instance' | 'space';
  validation: Validation;
  /** Of its schema; null: it has none. Equal schemas have equal ones. */
  hash: string | null;
  deprecated: boolean;
  replacedBy: string | null;
  /** Absent: the type has no versions. */
  version?: number;
}

/** What a space's own type says where it says anything. */
export interface OwnRule {
  name: string;
  validation: Validation | null;
  hash: string | null;
  deprecated: boolean;
  replacedBy: string | null;
  versions: KnownVersions | null;
}

interface Parts {
  profile: ProfileName;
  /** Names of the space's own types. */
  own: ReadonlySet<string>;
  ownRules: OwnRule[];
  catalogue: SpaceCatalogue | null;
  instance: InstanceCatalogue;
  defaults: CatalogueDefaults;
}

/** What a space may publish, as publishers remember it: its profile's events, the instance's types, and its own. */
export class SpaceTypes {
  /** Whether anything has to be looked at besides the name of a type: data, or a deprecation. */
  readonly isRuled: boolean;
  private readonly visibility: Visibility;
  private readonly own: ReadonlySet<string>;
  private readonly ownRules: ReadonlyMap<string, OwnRule>;
  private readonly instance: InstanceCatalogue;

  constructor({ profile, own, ownRules, catalogue, instance, defaults }: Parts) {
    this.visibility = new Visibility(profile, catalogue, defaults);
    this.own = own;
    this.ownRules = new Map(ownRules.map((rule) => [rule.name, rule]));
    this.instance = instance;
    const { validation, takesInstanceTypes } = this.visibility;
    this.isRuled =
      validation !== 'off' ||
      ownRules.some(isRuled) ||
      (takesInstanceTypes && [...instance.types.values()].some(isRuled));
  }

  /** Whether it can be published. */
  has(type: string): boolean {
    return this.own.has(type) || this.visibility.hasBuiltIn(type) || this.instanceType(type) !== null;
  }

  /** Whether it is no event of the profile: then it reaches every extensible profile as it is. */
  isCustom(type: string): boolean {
    if (this.own.has(type)) return true;
    return !this.visibility.builtIns.has(type) && this.instanceType(type) !== null;
  }

  /** Later versions of a type; null: it has none. */
  versionsOf(type: string): KnownVersions | null {
    if (this.own.has(type)) return this.ownRules.get(type)?.versions ?? null;
    return this.instanceType(type)?.versions ?? null;
  }

  /**
   * What holds for data of this type, in the version that its publisher wants; null where there is nothing to look at.
   */
  ruleOf(type: string, wanted?: number): TypeRule | null {
    if (!this.isRuled) return null;
    const first = this.fullRuleOf(type);
    const versions = this.versionsOf(type);
    const version = versionFor(versions, wanted);
    const later = version === undefined || version === 1 ? undefined : versions?.[version];
    const rule = {
      ...first,
      ...(version !== undefined && { version }),
      ...(later && { hash: later.hash }),
    };
    return rule.deprecated || (rule.validation !== 'off' && rule.hash !== null) ? rule : null;
  }

  /** All names, in no certain order. */
  names(): string[] {
    const names = [
      ...[...this.visibility.builtIns].filter((name) => this.visibility.hasBuiltIn(name)),
      ...[...this.instance.types.keys()].filter((name) => this.instanceType(name)),
      ...this.own,
    ];
    return [...new Set(names)];
  }

  private fullRuleOf(name: string): TypeRule {
    const { validation, takesInstanceTypes } = this.visibility;
    const plain = { name, validation, deprecated: false, replacedBy: null };
    if (this.own.has(name)) {
      const rule = this.ownRules.get(name);
      if (!rule) return { ...plain, owner: 'space', hash: null };
      const { hash, deprecated, replacedBy } = rule;
      const own = { hash, deprecated, replacedBy, validation: rule.validation ?? validation };
      return { name, owner: 'space', ...own };
    }
    const type = this.instanceType(name);
    if (type) {
      const { hash, deprecated, replacedBy } = type;
      const own = { hash, deprecated, replacedBy, validation: type.validation ?? validation };
      return { name, owner: 'instance', ...own };
    }
    // A provider's schemas are documentation, made from examples.
    return { ...plain, owner: 'profile', hash: takesInstanceTypes ? `profile:${name}` : null };
  }

  private instanceType(name: string) {
    const type = this.instance.types.get(name);
    return type && this.visibility.hasInstanceType(type) ? type : null;
  }
}

function isRuled({
  validation,
  deprecated,
}: {
  validation: Validation | null;
  deprecated: boolean;
}): boolean {
  return deprecated || (validation !== null && validation !== 'off');
}
