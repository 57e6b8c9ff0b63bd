import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { body, GET, type Schemas } from '../api/client.js';
import { seesAll, useSessionHere } from '../session/session.js';
import { spacePath, useSpaceIfAny } from '../session/space.js';
import { localTime } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { navigate } from './hash-location.js';
import { instanceSections, spaceSections } from './sections.js';
import './palette.css';

type Found = Schemas['FoundView'];

/** Something to go to. */
interface Target {
  href: string;
  kind: string;
  title: string;
  detail: string | null;
}

const DEBOUNCE_MS = 150;
const PAGE = 'Page';
const KINDS: Record<Found['kind'], string> = {
  space: 'Space',
  subscription: 'Endpoint',
  event: 'Event',
  delivery: 'Delivery',
  attempt: 'Attempt',
  job: 'Job',
  event_type: 'Event type',
};

/** Goes to anything by its id, name, URL or event type, from wherever one is. */
export default function Palette({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const targets = useTargets(text.trim());
  const chosen = Math.min(at, targets.found.length - 1);
  const go = (target: Target | undefined) => {
    if (!target) return;
    close();
    navigate(target.href);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + targets.found.length) % (targets.found.length || 1));
    else if (event.key === 'Enter') {
      const target = targets.found[chosen];
      // What was found for the text before is not meant.
      if (target?.kind === PAGE || !targets.isStale) go(target);
    } else return;
    event.preventDefault();
  };
  return (
    <Modal opened onClose={close} title="Go to" size={620} centered={false} yOffset="12vh">
      <TextInput
        className="palette-input"
        role="combobox"
        aria-label="Go to"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
        placeholder="An id, a name, a URL or an event type"
        leftSection={<Search size={14} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        data-autofocus
      />
      <div role="listbox" id={list} aria-label="Found" className="palette">
        {targets.found.map((target, index) => (
          <div
            key={target.href}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="palette-row"
            onClick={() => go(target)}
          >
            <span className="quiet small">{target.kind}</span>
            <span className="ellipsis">
              <Untrusted>{target.title}</Untrusted>
            </span>
            <span className="ellipsis quiet small">
              <Untrusted>{target.detail}</Untrusted>
            </span>
          </div>
        ))}
      </div>
      <p className="quiet small palette-note" role="status">
        {targets.note}
      </p>
    </Modal>
  );
}

/** `isStale`: what is not a page was found for the text before. */
function useTargets(text: string): { found: Target[]; note: string; isStale: boolean } {
  const session = useSessionHere();
  const space = useSpaceIfAny();
  const [q] = useDebouncedValue(text, DEBOUNCE_MS);
  const inSpace = useSearch(q, space);
  const inAll = useSearch(q, seesAll(session) ? null : undefined);
  const wanted = text.toLowerCase();
  const sections = [
    ...(space === null ? [] : spaceSections((page) => spacePath(space, page), session)),
    ...instanceSections(session),
  ];
  const pages = sections
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .map(({ href, label }) => ({ href, kind: PAGE, title: label, detail: null }));
  const things = [...(inSpace.data?.data ?? []), ...(inAll.data?.data ?? [])].map(toTarget);
  const all = text === '' ? pages : [...things, ...pages];
  const found = [...new Map(all.map((target) => [target.href, target])).values()];
  const isStale = q !== text || inSpace.isPlaceholderData || inAll.isPlaceholderData;
  const error = inSpace.error ?? inAll.error;
  if (error) return { found, isStale, note: `The search failed: ${error.message}` };
  if (text === '') return { found, isStale: false, note: 'Enter opens, Esc closes.' };
  if (inSpace.isFetching || inAll.isFetching || isStale) return { found, isStale, note: 'Searching…' };
  return { found, isStale, note: noteOf(found, [inSpace.data, inAll.data]) };
}

function noteOf(found: Target[], views: (Schemas['SearchView'] | undefined)[]): string {
  if (views.some((view) => view?.capped)) return 'More results match. Type more to narrow them down.';
  if (found.length > 0) return '';
  const searchedTo = views.map((view) => view?.searchedTo ?? null).find((time) => time !== null);
  if (searchedTo === undefined) return 'No results.';
  return `Not found in the attempts of deliveries since ${localTime(searchedTo)}.`;
}

/** `space`: null for all; undefined: not searched. */
function useSearch(q: string, space: string | null | undefined) {
  return useQuery({
    queryKey: ['search', space, q],
    queryFn: () =>
      space
        ? body(GET('/v1/spaces/{space}/search', { params: { path: { space }, query: { q } } }))
        : body(GET('/v1/search', { params: { query: { q } } })),
    enabled: q !== '' && space !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
}

function toTarget({ kind, id, space, title, detail }: Found): Target {
  const page = {
    space: 'overview',
    subscription: `subscriptions/${id}`,
    event: `events/${id}`,
    delivery: `deliveries/${id}`,
    attempt: `deliveries/${id}?attempt=${detail?.replace('attempt ', '') ?? ''}`,
    job: `jobs?job=${id}`,
    event_type: `catalogue/${encodeURIComponent(id)}`,
  }[kind];
  return { href: spacePath(space, page), kind: KINDS[kind], title, detail };
}
