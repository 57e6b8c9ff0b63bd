/** What a value's text must be. */
export interface Rule {
  accepts: (text: string) => boolean;
  /** Ends the sentence that begins with the variable's name and value: "is not a port, e.g. 8080". */
  problem: string;
}

/** One setting: everything that the code and the documents know of it. */
export interface Setting<T> {
  /** The environment variable. */
  variable: string;
  default: T;
  /** The default as a variable's text; absent where the variable is not set by default. */
  defaultText?: string;
  /** Null as a variable's text, where that is a value. */
  nullText?: string;
  /** What to show for a default that has no text. */
  defaultNote?: string;
  rule: Rule;
  /** Reads a text that the rule accepts. */
  parse: (text: string) => T;
  /** What it means, in one sentence or two; Markdown. */
  doc: string;
  /** Further lines for `.env.example`. */
  more?: string[];
  /** Its value is never repeated to a terminal, a log or a page. */
  isSecret?: true;
  /** "Set, but empty" means something else than "not set". */
  mayBeEmpty?: true;
  /** Whether it is an option of `PosthornModule`, too, under its name in the table. */
  inModule?: true;
}

/** What a setting's row in the table says besides its type. */
type Row<T> = Omit<Setting<T>, 'default' | 'defaultText' | 'rule' | 'parse'>;

export function text<T extends Row<string>>(row: T & { default?: string; rule: Rule }) {
  const { default: value = '' } = row;
  return { ...row, default: value, ...(value !== '' && { defaultText: value }), parse: (it: string) => it };
}

export function choice<const C extends string, T extends Row<C>>(
  choices: readonly C[],
  row: T & { default: NoInfer<C> },
) {
  return {
    ...row,
    defaultText: row.default,
    rule: {
      accepts: (it: string) => (choices as readonly string[]).includes(it),
      problem: `is not one of ${choices.join(', ')}`,
    },
    parse: (it: string) => it as C,
  };
}

export function flag<T extends Row<boolean>>(row: T) {
  return {
    ...row,
    default: false,
    defaultText: 'false',
    rule: {
      accepts: (it: string) => ['true', 'false', '1', '0'].includes(it),
      problem: 'is not true or false',
    },
    parse: (it: string) => it === 'true' || it === '1',
  };
}

/** `what` says what is counted, and the limits: "a number of days, e.g. 30". */
export function whole<T extends Row<number>>(
  [min, max]: readonly [number, number],
  what: string,
  row: T & { default: number },
) {
  return {
    ...row,
    defaultText: String(row.default),
    rule: { accepts: (it: string) => isWhole(it, min, max), problem: `is not ${what}` },
    parse: Number,
  };
}

/** A comma-separated list, empty by default, of entries that `isEntry` accepts. */
export function list<T extends Row<string[]>>(isEntry: (entry: string) => boolean, what: string, row: T) {
  return {
    ...row,
    default: [] as string[],
    rule: { accepts: (it: string) => commaSeparated(it).every(isEntry), problem: `is not ${what}` },
    parse: commaSeparated,
  };
}

/** The entries of a comma-separated list. */
export function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}
