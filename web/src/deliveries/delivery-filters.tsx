import { Button } from '@mantine/core';
import { SelectFilter } from '../parts/select.js';
import { Search, X } from 'lucide-react';
import { useEventTypes } from '../catalogue/event-types.js';
import {
  toChoice,
  useSubscription,
  useSubscriptionChoices,
  type Subscription,
} from '../subscriptions/subscriptions.js';
import { AsyncSelect } from '../parts/async-select.js';
import { SavedViews } from '../parts/saved-views.js';
import { TextFilter } from '../parts/text-filter.js';
import { visible } from '../text/untrusted.js';
import { FILTERS, type FilterProps } from './deliveries.js';
import { MoreFilters } from './more-filters.js';
import { TimeFilter } from './time-filter.js';

const STATUSES = ['pending', 'succeeded', 'failed', 'held', 'cancelled', 'skipped', 'expired'].map(
  (value) => ({
    value,
    label: value.charAt(0).toUpperCase() + value.slice(1),
  }),
);

const STATES = [
  { value: 'broken', label: 'With problems' },
  { value: 'retrying', label: 'Being retried' },
] as const;

/** The API's filters. They stand in the address, so a view can be sent to a colleague. */
export function DeliveryFilters({ filter, change }: FilterProps) {
  const chosen = useSubscription(filter.subscription ?? null);
  const types = useEventTypes();
  const isSet = Object.keys(filter).length > 0;
  return (
    <div className="filters" role="search">
      <TextFilter
        label="Event id"
        icon={<Search size={13} />}
        value={filter.event}
        change={(event) => change({ event })}
      />
      <SelectFilter
        label="Status"
        placeholder="Any status"
        data={STATUSES}
        value={filter.status}
        change={(status) => change({ status })}
      />
      <SelectFilter
        label="Event type"
        placeholder="Any event type"
        searchable
        data={(types.data ?? []).map(({ name }) => ({ value: name, label: visible(name) }))}
        value={filter.type}
        change={(type) => change({ type })}
      />
      <AsyncSelect
        className="filter"
        aria-label="Endpoint"
        placeholder="Any endpoint"
        clearable
        chosen={chosenOf(filter.subscription, chosen.data)}
        useChoices={useSubscriptionChoices}
        onChange={(subscription) => change({ subscription })}
      />
      <SelectFilter
        label="State"
        placeholder="Any state"
        data={STATES}
        value={filter.state}
        change={(state) => change({ state })}
      />
      <MoreFilters filter={filter} change={change} />
      <TimeFilter since={filter.since} until={filter.until} change={change} />
      <SavedViews key={JSON.stringify(filter)} page="deliveries" filter={filter} />
      {isSet && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<X size={13} />}
          onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, null])))}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

/** The endpoint of the filter, under its id until its name is known. */
function chosenOf(id: string | undefined, known: Subscription | undefined) {
  if (id === undefined) return null;
  return known ? { ...toChoice(known), value: id } : { value: id, label: visible(id) };
}
