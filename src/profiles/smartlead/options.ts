import { optionChecks } from '../options.js';
import type { OptionRules, ProfileOptions } from '../profile.js';

/** What only Smartlead's webhooks have. */
export interface SmartleadOptions {
  /** Whether it is the user's own configuration for account events, apart from the campaign webhooks. */
  account: boolean;
  /** Only these categories' `LEAD_CATEGORY_UPDATED`, by id or by name; both empty: any. Ids are texts of digits. */
  categoryIds: string[];
  categoryNames: string[];
  /** Which answers are a success: literally 200, or any 2xx. */
  success: '200' | '2xx';
  /**
   * When a user-level webhook silences the client and campaign ones for a type it asks for. `active`: while it is not
   * disabled, even for events its own filter lets go by; `always`: also while disabled; `delivering`: only for events
   * it gets.
   */
  priority: 'active' | 'always' | 'delivering';
  /** Their `webhook_type`: kept, and nothing more is known of it. */
  webhookType: string | null;
}

const DEFAULTS: SmartleadOptions = {
  account: false,
  categoryIds: [],
  categoryNames: [],
  success: '200',
  priority: 'active',
  webhookType: null,
};

const isText = (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= 256;
const isListOf = (fits: (item: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length <= 1_000 && value.every(fits);

const mustFit = (fits: (value: unknown) => boolean, message: string) => (value: unknown) =>
  fits(value) ? null : message;

export const smartleadOptions: OptionRules = {
  defaults: { ...DEFAULTS },
  check: optionChecks({
    account: mustFit((value) => typeof value === 'boolean', 'Use true or false.'),
    categoryIds: mustFit(
      isListOf((item) => typeof item === 'string' && /^[1-9]\d{0,14}$/.test(item)),
      'Use a list of ids, like ["5"].',
    ),
    categoryNames: mustFit(isListOf(isText), 'Use a list of names, like ["Interested"].'),
    success: mustFit((value) => value === '200' || value === '2xx', 'Use "200" or "2xx".'),
    priority: mustFit(
      (value) => value === 'active' || value === 'always' || value === 'delivering',
      'Use "active", "always" or "delivering".',
    ),
    webhookType: mustFit((value) => value === null || isText(value), 'Use a text, or null.'),
  }),
};

/** As a subscription's row has them: checked when they were stored. */
export function optionsOf(options: ProfileOptions | object): SmartleadOptions {
  return { ...DEFAULTS, ...(options as Partial<SmartleadOptions>) };
}
