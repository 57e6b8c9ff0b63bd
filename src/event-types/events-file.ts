import { existsSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { StartupError } from '../config/startup-error.js';
import { Invalid } from '../core/errors.js';
import { readYaml } from '../lib/read-yaml.js';
import { isChange } from './catalogue-sync.js';
import { InstanceTypesService } from './instance-types.service.js';

/** Looked for where nothing else is set. */
const DEFAULT_FILE = 'posthorn.events.yaml';

const KEPT =
  'An event type stays as it is, since the file changes it in a way that breaks publishers or ' +
  'receivers. Define a new version, or run "posthorn events sync --force"';

/**
 * Defines the event types of a file as the process starts. It removes none and breaks none: during an upgrade, and
 * after a rollback, processes with the file of before run, too.
 */
@Injectable()
export class EventsFile implements OnApplicationBootstrap {
  private readonly logger = new Logger('events');

  constructor(
    private readonly settings: Settings,
    private readonly types: InstanceTypesService,
  ) {}

  /** Throws StartupError for a file that cannot be used. */
  async onApplicationBootstrap(): Promise<void> {
    const file = this.settings.eventsFile || DEFAULT_FILE;
    if (this.settings.eventsFile === '' && !existsSync(file)) return;
    try {
      const { types } = (readYaml(file) ?? {}) as { types?: Record<string, object> };
      const { kept, ...report } = await this.types.sync(types ?? {}, {
        source: 'file',
        onIncompatible: 'keep',
      });
      for (const [eventType, issues] of Object.entries(kept ?? {}))
        this.logger.error({ msg: KEPT, file, eventType, paths: issues.map(({ path }) => path).slice(0, 10) });
      if (isChange(report)) this.logger.log({ msg: 'Event types were defined by a file', file, ...report });
    } catch (error) {
      if (error instanceof Invalid)
        throw new StartupError(
          (error.issues ?? []).map(({ path, message }) => `${file}: ${path}: ${message}`),
        );
      throw new StartupError((error as Error).message);
    }
  }
}
