import { lemlistCatalogue } from './catalogue.js';
import { idFrom } from './ids.js';

/** What is another one in every activity. Campaign, team and users stay, so that webhooks of one campaign get it. */
const ID = /\b(lea|ctc|tsk|opp|eml|enr|sig)_[0-9A-Za-z]{17}\b/g;

/** The type's example, now, about another lead each time. */
export function sample(type: string, n: number, now: Date): object {
  const example = lemlistCatalogue.find(({ name }) => name === type)?.example ?? {};
  const digits = (n % 0x1000000).toString(36).padStart(5, '0');
  const text =
    n === 0
      ? JSON.stringify(example)
      : JSON.stringify(example).replaceAll(ID, (id) => id.slice(0, -5) + digits);
  const data = JSON.parse(text) as Record<string, unknown>;
  // Samples of one number are about one lead, but each is an activity of its own.
  if (n > 0 && '_id' in data) data._id = idFrom('act', `${type} ${n}`);
  return 'createdAt' in data ? { ...data, createdAt: now.toISOString() } : data;
}
