import type { Settings } from '../config/settings.js';
import type { CatalogueDefaults } from '../core/space-catalogue.js';

/** What a space's catalogue has where the space decided nothing. */
export function catalogueDefaults({ builtInEvents, validation }: Settings): CatalogueDefaults {
  return { builtInEvents: builtInEvents === 'on', validation };
}
