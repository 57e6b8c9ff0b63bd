import { Download } from 'lucide-react';
import { download } from '../api/client.js';
import { useSpace } from '../session/space.js';
import { useAction } from './action.js';
import { ButtonMenu } from './button-menu.js';

interface Props {
  /** What can be exported with the filter: the API's names, and what the menu calls them. */
  exports: { name: string; label: string }[];
  filter: Partial<Record<string, string>>;
}

interface Choice {
  name: string;
  format: string;
}

/** Downloads what a list's filter finds, also what is not on the page. */
export function ExportMenu({ exports, filter }: Props) {
  const space = useSpace();
  const save = useAction(
    ({ name, format }: Choice) => {
      const query = new URLSearchParams({ ...(filter as Record<string, string>), format, order: 'desc' });
      return download(`/v1/spaces/${encodeURIComponent(space)}/exports/${name}?${query.toString()}`);
    },
    { touches: [] },
  );
  return (
    <ButtonMenu
      leftSection={<Download size={13} />}
      loading={save.isPending}
      entries={exports.flatMap(({ name, label }) =>
        ['csv', 'ndjson'].map((format) => ({
          label: `${label} as ${format.toUpperCase()}`,
          run: () => save.mutate({ name, format }),
        })),
      )}
    >
      Download
    </ButtonMenu>
  );
}
