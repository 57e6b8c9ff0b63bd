import { Button, CloseButton, TextInput } from '@mantine/core';
import { Bookmark } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Link } from 'wouter';
import { useSpace, useSpaceLink } from '../session/space.js';
import { Untrusted } from '../text/untrusted.js';
import { PopoverButton } from './popover-button.js';
import { keepViews, keptViews, searchOf, type View } from './kept-views.js';

interface Props {
  /** The page whose filter is kept. */
  page: string;
  filter: Partial<Record<string, string>>;
}

/** Filters under a name, kept in this browser for this space. What a view stands for is in the address, too. */
export function SavedViews({ page, filter }: Props) {
  const space = useSpace();
  const [views, setViews] = useState(() => keptViews(space, page));
  const search = searchOf(filter);
  const shown = views.find((view) => view.search === search);
  const change = (next: View[]) => {
    keepViews(space, page, next);
    setViews(next);
  };
  return (
    <PopoverButton
      position="bottom-start"
      width={280}
      button={{
        leftSection: <Bookmark size={13} />,
        children: shown ? <Untrusted>{shown.name}</Untrusted> : 'Views',
      }}
    >
      <div className="stack stack-tight">
        <Views
          page={page}
          views={views}
          remove={(name) => change(views.filter((one) => one.name !== name))}
        />
        {search === '' ? (
          <p className="quiet flat small">Set a filter first. You can then save it as a view.</p>
        ) : (
          <SaveView
            save={(name) => change([...views.filter((one) => one.name !== name), { name, search }])}
          />
        )}
      </div>
    </PopoverButton>
  );
}

interface ViewsProps {
  page: string;
  views: View[];
  remove: (name: string) => void;
}

function Views({ page, views, remove }: ViewsProps) {
  const link = useSpaceLink();
  if (views.length === 0) return null;
  return (
    <ul className="plain-list" aria-label="Saved views">
      {views.map(({ name, search }) => (
        <li key={name} className="row">
          <Link href={link(`${page}?${search}`)} className="grow break">
            <Untrusted>{name}</Untrusted>
          </Link>
          <CloseButton size="sm" aria-label={`Forget ${name}`} onClick={() => remove(name)} />
        </li>
      ))}
    </ul>
  );
}

function SaveView({ save }: { save: (name: string) => void }) {
  const [name, setName] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save(name.trim());
    setName('');
  };
  return (
    <form className="row" onSubmit={submit}>
      <TextInput
        className="grow"
        aria-label="Name of this view"
        placeholder="Name of this view"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name.trim() === ''}>
        Save
      </Button>
    </form>
  );
}
