import { BadRequestException } from '@nestjs/common';
import type { LeadFields } from './leads.service.js';
import type { RecordFields } from './records.service.js';

const RECORD = ['name', 'status', 'color'] as const;
const LEAD = ['email', 'first_name', 'last_name', 'company', 'id_status', 'id_list'] as const;

/** The fields that a person may set, and no others: never an id or an account. */
export function recordForm(body: object): RecordFields {
  return texts(body, RECORD);
}

export function leadForm(body: object): LeadFields {
  const fields = texts(body, LEAD) as LeadFields;
  const { tags } = body as { tags?: unknown };
  if (tags === undefined) return fields;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string'))
    throw new BadRequestException('tags is a list of ids.');
  return { ...fields, tags };
}

function texts(body: object, names: readonly string[]): Record<string, string | null> {
  const known = Object.entries(body).filter(([name]) => names.includes(name)) as [string, unknown][];
  const wrong = known.find(([, value]) => value !== null && typeof value !== 'string');
  if (wrong) throw new BadRequestException(`${wrong[0]} is a text or null.`);
  return Object.fromEntries(known) as Record<string, string | null>;
}
