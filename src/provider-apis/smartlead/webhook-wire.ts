import { compilePatterns } from '../../core/event-pattern.js';
import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';
import { CAMPAIGN_EVENTS } from '../../profiles/smartlead/catalogue.js';
import { optionsOf } from '../../profiles/smartlead/options.js';

/** As `GET /webhook/{id}` shows it. */
export function toWebhook(row: SubscriptionEntity) {
  const { events } = row;
  const asked = compilePatterns(events);
  const { categoryIds, categoryNames } = optionsOf(row.profileOptions);
  return {
    id: numberOf(row.providerId),
    email_campaign_id: numberOf(row.campaignId),
    name: row.description,
    webhook_url: row.url,
    event_type_map: Object.fromEntries([...CAMPAIGN_EVENTS].map((name) => [name, asked(name)])),
    category_id_map: Object.fromEntries(categoryIds.map((id) => [id, true])),
    // Their map knows ids only. Left out, these would look like "every category", and be gone with the next save.
    ...(categoryNames.length > 0 && { categories: categoryNames }),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    ...disabledOf(row),
  };
}

/** As the list of a campaign shows it. */
export function toCampaignWebhook(row: SubscriptionEntity) {
  return {
    id: numberOf(row.providerId),
    name: row.description,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    webhook_url: row.url,
    email_campaign_id: numberOf(row.campaignId),
    event_types: eventTypesOf(row),
    categories: categoriesOf(row),
    ...disabledOf(row),
  };
}

/** There while it is disabled only: the documented shape is that of one that works. */
function disabledOf({ status }: SubscriptionEntity): { disabled?: true } {
  return status === 'paused' ? { disabled: true } : {};
}

/** As the answer to saving a campaign's webhook shows it. */
export function toSavedWebhook(row: SubscriptionEntity) {
  return {
    ok: true,
    name: row.description,
    webhook_url: row.url,
    email_campaign_id: numberOf(row.campaignId),
    event_types: eventTypesOf(row),
    categories: categoriesOf(row),
  };
}

/** Their ids are integers. What our own API made may have others. */
export function numberOf(id: string | null): number | string | null {
  return id !== null && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}

function eventTypesOf({ events }: SubscriptionEntity): string[] {
  return [...CAMPAIGN_EVENTS].filter(compilePatterns(events));
}

/** Names, and the ids of those that were chosen by id. */
function categoriesOf({ profileOptions }: SubscriptionEntity): string[] {
  const { categoryIds, categoryNames } = optionsOf(profileOptions);
  return [...categoryNames, ...categoryIds];
}
