import { stringifyExactly } from '../lib/exact-number.js';
import type { Command } from 'commander';
import { readCliSettings } from '../config/cli-settings.js';
import { alignColumns } from '../lib/align-columns.js';
import { Client, type Page } from './client.js';
import { CliFailure } from './cli-failure.js';
import { visible } from './visible.js';

interface GlobalOptions {
  url?: string;
  key?: string;
  space?: string;
  json?: boolean;
}

/** What a command works with: the API, the chosen space, and how to print. */
export class Context {
  readonly client: Client;
  private readonly options: GlobalOptions;
  private readonly space: string;

  constructor(command: Command) {
    const settings = readCliSettings();
    this.options = command.optsWithGlobals<GlobalOptions>();
    this.space = this.options.space ?? settings.space;
    this.client = new Client(
      (this.options.url ?? settings.url).replace(/\/$/, ''),
      this.options.key ?? settings.key,
    );
  }

  /** `/events` inside the chosen space. */
  inSpace(path: string): string {
    if (this.space === '') {
      throw new CliFailure(['Which space? Pass --space <id or uid>, or set POSTHORN_SPACE.']);
    }
    return `/v1/spaces/${encodeURIComponent(this.space)}${path}`;
  }

  /** Rows below their titles, or the answer itself with --json. Says on standard error when there are more. */
  table<T>(answer: Page<T>, titles: string[], row: (item: T) => (string | number | null)[]): void {
    if (this.options.json) return this.json(answer);
    if (answer.data.length === 0) return console.log('(none)');
    const rows = answer.data.map((item) => row(item).map((cell) => visible(cell ?? '-')));
    for (const line of alignColumns([titles, ...rows])) console.log(line);
    if (typeof answer.nextCursor === 'string')
      console.error(`There are more than these ${rows.length}. Use filters, or --limit up to 250.`);
  }

  /** Fields one below the other, or the answer itself with --json. */
  show(answer: object): void {
    if (this.options.json) return this.json(answer);
    const rows = Object.entries(answer).map(([name, value]) => [
      name,
      visible(typeof value === 'string' ? value : stringifyExactly(value)),
    ]);
    for (const line of alignColumns(rows)) console.log(line);
  }

  /** A sentence, or the answer with --json. */
  printSentence(sentence: string, answer: object | null = null): void {
    if (this.options.json) this.json(answer);
    else console.log(visible(sentence));
  }

  /** Lines for people, or the answer with --json. */
  print(answer: object, lines: string[]): void {
    if (this.options.json) return this.json(answer);
    for (const line of lines) console.log(visible(line));
  }

  /** A sentence for people, beside the answer. */
  printNote(sentence: string): void {
    if (!this.options.json) console.log(visible(sentence));
  }

  private json(answer: object | null): void {
    const text = answer === null ? undefined : this.client.textOf(answer);
    console.log(text ?? stringifyExactly(answer, 2));
  }
}
