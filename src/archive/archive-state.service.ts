import { Injectable } from '@nestjs/common';
import type { Origin } from '../audit/origin.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Conflict } from '../core/errors.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import type { ArchiveDayView, ArchiveView } from './archive.dto.js';
import { archiveDays, lastDueDay, retryNow, type ArchiveDay } from './archive-state.js';
import { ArchiverService } from './archiver.service.js';

/** The archive as operators see it. */
@Injectable()
export class ArchiveStateService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly archiver: ArchiverService,
  ) {}

  async read(): Promise<ArchiveView> {
    const { archiveUrl, archiveAfterDays: afterDays, archiveRequired: required } = this.settings;
    const days = await archiveDays(this.database.sql, lastDueDay(this.clock.now(), afterDays));
    const waiting = archiveUrl === '' ? 0 : days.filter(({ passes }) => passes === 0).length;
    return { url: archiveUrl || null, afterDays, required, waiting, days: days.map(toView) };
  }

  /** Starts a run in this process, or leaves it to the one that archives. Throws Conflict without an archive. */
  async run(by: Origin | undefined): Promise<ArchiveView> {
    if (!this.archiver.isOn)
      throw new Conflict('no_archive', 'There is no archive: set POSTHORN_ARCHIVE_URL and start again.');
    await this.database.transaction(async (sql) => {
      await retryNow(sql);
      const target = { type: 'archive' as const, id: 'archive' };
      await recordChange(sql, this.clock.now(), { spaceId: null, by, verb: 'run', target });
    });
    void this.archiver.archiveDue();
    return this.read();
  }
}

function toView(row: ArchiveDay): ArchiveDayView {
  const { day, passes, coveredUntil, failures, nextTryAt } = row;
  return {
    day,
    state: stateOf(row),
    passes,
    archivedUntil: coveredUntil?.toISOString() ?? null,
    failures,
    nextTryAt: nextTryAt?.toISOString() ?? null,
  };
}

function stateOf({ passes, beganAt, failures }: ArchiveDay): ArchiveDayView['state'] {
  if (failures > 0) return 'failed';
  if (beganAt !== null) return 'running';
  return passes > 0 ? 'archived' : 'waiting';
}
