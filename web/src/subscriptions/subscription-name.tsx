import { Untrusted } from '../text/untrusted.js';
import { useSubscriptionName } from './subscriptions.js';

/** What a subscription is called, by its id. */
export function SubscriptionName({ id }: { id: string }) {
  return <Untrusted>{useSubscriptionName(id)}</Untrusted>;
}
