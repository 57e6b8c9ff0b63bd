const QUOTE = 0x22;
const LF = 0x0a;
const CURSOR = /[A-Za-z0-9_-]+/;

/** How far an export has come: its rows, and the last one's cursor. */
export interface ExportState {
  count: number;
  next: string | null;
}

/** Splits an export into records, of which only whole ones count. A line end inside the quotes of CSV ends none. */
export class RecordSplitter {
  /** Whether the last line of NDJSON has come. CSV has none: its end is the answer's. */
  isEnded: boolean;
  /** Whether the first record of CSV has come. */
  hasHeader = false;
  private rest: Buffer = Buffer.alloc(0);
  private isQuoted = false;
  private wholeBytes = 0;
  private count = 0;
  private next: string | null = null;

  constructor(private readonly isCsv: boolean) {
    this.isEnded = isCsv;
  }

  state(): ExportState {
    return { count: this.count, next: this.next };
  }

  /** Takes the next bytes and gives the records that are whole with them, without NDJSON's last line. */
  push(bytes: Buffer): Buffer {
    const whole: Buffer[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE && this.isCsv) this.isQuoted = !this.isQuoted;
      if (byte !== LF || this.isQuoted) continue;
      const record = Buffer.concat([this.rest, bytes.subarray(start, at + 1)]);
      this.rest = Buffer.alloc(0);
      start = at + 1;
      if (this.take(record)) whole.push(record);
    }
    this.rest = Buffer.concat([this.rest, bytes.subarray(start)]);
    return Buffer.concat(whole);
  }

  /** Drops a record that has no end yet. Gives how many bytes all whole ones have. */
  forgetRest(): number {
    this.rest = Buffer.alloc(0);
    this.isQuoted = false;
    return this.wholeBytes;
  }

  /** Whether it is one to keep. */
  private take(record: Buffer): boolean {
    if (!this.isCsv && record.subarray(0, 7).toString() === '{"end":') {
      this.isEnded = true;
      return false;
    }
    this.wholeBytes += record.length;
    if (this.isCsv && !this.hasHeader) this.hasHeader = true;
    else {
      this.count += 1;
      const tail = record.subarray(-200).toString('latin1');
      this.next = CURSOR.exec(tail.slice(tail.lastIndexOf(this.isCsv ? ',' : ':') + 1))?.[0] ?? null;
    }
    return true;
  }
}
