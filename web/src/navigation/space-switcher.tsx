import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus } from 'lucide-react';
import { useLocation } from 'wouter';
import { useSession } from '../session/session.js';
import { useSpace, useSpaces } from '../session/space.js';
import { visible } from '../text/untrusted.js';
import { NewSpace } from './new-space.js';

/** Which space one looks at; only the operator has more than one. */
export function SpaceSwitcher() {
  const space = useSpace();
  const { kind } = useSession();
  const spaces = useSpaces();
  const [, navigate] = useLocation();
  const [creating, creatingOf] = useDisclosure(false);
  if (kind !== 'admin') return null;

  const options = (spaces.data?.data ?? []).map((one) => ({
    value: one.uid ?? one.id,
    label: visible(one.name),
  }));
  const current = spaces.data?.data.find((one) => one.id === space || one.uid === space);
  return (
    <div className="row space-switcher">
      <Select
        className="grow"
        aria-label="Space"
        data={options}
        value={current ? (current.uid ?? current.id) : null}
        placeholder={space}
        searchable={options.length > 8}
        onChange={(value) => value !== null && navigate(`/s/${encodeURIComponent(value)}/overview`)}
      />
      <Button variant="default" px={8} aria-label="New space" onClick={creatingOf.open}>
        <Plus size={14} />
      </Button>
      <NewSpace opened={creating} close={creatingOf.close} />
    </div>
  );
}
