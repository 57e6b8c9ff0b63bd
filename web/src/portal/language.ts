import { createContext, useContext } from 'react';
import en from './languages/en.json';

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

type Key = keyof typeof en;
/** `failing` for `failing.one`, `failing.other` and what else a language has. */
type PluralKey = Key extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;
export type Message = Exclude<Key, `${PluralKey}.${'one' | 'other'}`>;
type Catalogue = Record<string, string>;

/** Each one is a file of its own, and only the one that is shown is loaded. */
const OTHERS: Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>> = {
  de: () => import('./languages/de.json'),
  fr: () => import('./languages/fr.json'),
  es: () => import('./languages/es.json'),
  pt: () => import('./languages/pt.json'),
  ja: () => import('./languages/ja.json'),
};

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/** The first wish that there is a catalogue for: `pt-BR` finds `pt`. */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const language = wish?.toLowerCase().split('-', 1)[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** Texts, numbers and dates of one language. */
export class Words {
  private readonly rules: Intl.PluralRules;
  private readonly day: Intl.DateTimeFormat;
  private readonly relative: Intl.RelativeTimeFormat;

  constructor(
    readonly language: Language,
    private readonly texts: Catalogue,
  ) {
    this.rules = new Intl.PluralRules(language);
    this.day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
    this.relative = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  }

  readonly text = (key: Message, values: Record<string, string> = {}): string =>
    this.filled(this.texts[key] ?? (en as Catalogue)[key] ?? key, values);

  /** With the form that the number wants. */
  readonly count = (key: PluralKey, count: number): string => {
    const form = this.texts[`${key}.${this.rules.select(count)}`] ?? this.texts[`${key}.other`] ?? '';
    return this.filled(form, { count: this.number(count) });
  };

  number(value: number): string {
    return value.toLocaleString(this.language);
  }

  date(at: string): string {
    return this.day.format(new Date(at));
  }

  duration(ms: number): string {
    const inSeconds = ms >= 1_000;
    return new Intl.NumberFormat(this.language, {
      style: 'unit',
      unit: inSeconds ? 'second' : 'millisecond',
      maximumFractionDigits: inSeconds ? 1 : 0,
    }).format(inSeconds ? ms / 1_000 : ms);
  }

  /** `3 minutes ago`, `in 2 hours`. */
  ago(at: string, now: number): string {
    const seconds = (new Date(at).getTime() - now) / 1_000;
    for (const [unit, size] of UNITS) {
      if (Math.abs(seconds) >= size) return this.relative.format(Math.trunc(seconds / size), unit);
    }
    return this.relative.format(Math.trunc(seconds), 'second');
  }

  private filled(text: string, values: Record<string, string>): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** English where the file of a language does not come: better than nothing. */
export async function loadWords(language: Language): Promise<Words> {
  if (language === 'en') return new Words('en', en);
  try {
    return new Words(language, (await OTHERS[language]()).default);
  } catch {
    return new Words('en', en);
  }
}

export const WordsContext = createContext(new Words('en', en));

export function useWords(): Words {
  return useContext(WordsContext);
}
