import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';

/** A webhook as every answer shows it: what is not set is not there, and the secret never is. */
export interface HookView {
  _id: string;
  targetUrl: string;
  createdAt: string;
  zapId?: number | string;
  /** Absent: every type. */
  type?: string;
  campaignId?: string;
  isFirst?: true;
  /** While it is paused. */
  disabled?: true;
}

export function toHook({
  providerId,
  url,
  createdAt,
  events,
  campaignId,
  profileOptions,
  status,
}: SubscriptionEntity): HookView {
  const { isFirst, zapId } = profileOptions as { isFirst?: boolean; zapId?: string | number | null };
  const [type] = events.length === 1 ? events : [];
  return {
    _id: providerId ?? '',
    targetUrl: url,
    createdAt: createdAt.toISOString(),
    ...(zapId !== null && zapId !== undefined && { zapId }),
    ...(type !== undefined && type !== '*' && { type }),
    ...(campaignId !== null && { campaignId }),
    ...(isFirst === true && { isFirst }),
    ...(status === 'paused' && { disabled: true }),
  };
}
