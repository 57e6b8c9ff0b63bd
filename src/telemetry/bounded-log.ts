import type { Logger } from '@nestjs/common';

/** Lines of one kind that are written in a window. */
const BURST = 20;
const WINDOW_MS = 10_000;

/** A log line: `msg` is its kind. */
interface Line {
  msg: string;
  [field: string]: unknown;
}

interface Window {
  endsAt: number;
  lines: number;
  suppressed: number;
}

/**
 * Writes at most 20 lines of each kind in ten seconds: whatever a thousand endpoints do at once, the log stays
 * readable. The first line after that has the number of those left out (`suppressed`). The metrics count all of them.
 */
export class BoundedLog {
  private readonly windows = new Map<string, Window>();

  /** `now`: monotonic milliseconds. */
  constructor(
    private readonly logger: Pick<Logger, 'log' | 'warn'>,
    private readonly now = () => performance.now(),
  ) {}

  log(line: Line): void {
    const more = this.admit(line.msg);
    if (more) this.logger.log({ ...line, ...more });
  }

  warn(line: Line): void {
    const more = this.admit(line.msg);
    if (more) this.logger.warn({ ...line, ...more });
  }

  /** What to add to the line; null when it is left out. */
  private admit(kind: string): { suppressed?: number } | null {
    const now = this.now();
    let window = this.windows.get(kind);
    const before = window?.suppressed ?? 0;
    if (!window || now >= window.endsAt) {
      window = { endsAt: now + WINDOW_MS, lines: 0, suppressed: 0 };
      this.windows.set(kind, window);
    }
    if (window.lines >= BURST) {
      window.suppressed += 1;
      return null;
    }
    window.lines += 1;
    return before > 0 ? { suppressed: before } : {};
  }
}
