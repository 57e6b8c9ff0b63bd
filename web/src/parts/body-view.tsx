import { Button, SegmentedControl } from '@mantine/core';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Schemas } from '../api/client.js';
import { BodyText } from '../text/body-text.js';
import { prettyJson } from '../text/pretty-json.js';
import { CopyButton } from './copy-button.js';
import './body-view.css';

interface Props {
  /** Null: it was removed. */
  text: string | null;
  /** Why, where it was. */
  removed?: Schemas['RemovedView'] | undefined;
  /** The name of the file when it is saved, without an ending. */
  name: string;
  /** Said beside the size, such as `cut off`. */
  note?: string;
}

/** A body as text: laid out or exactly as it was sent, to copy or to save. Or why it is no longer there. */
export function BodyView({ text, removed, ...rest }: Props) {
  if (text === null) return <p className="quiet flat">{removed?.message ?? 'Removed.'}</p>;
  return <Text text={text} {...rest} />;
}

function Text({ text, name, note }: { text: string } & Pick<Props, 'name' | 'note'>) {
  const tokens = useMemo(() => prettyJson(text), [text]);
  const [raw, setRaw] = useState(false);
  if (text === '') return <p className="quiet flat">Empty.</p>;
  return (
    <div className="body-view">
      <div className="row body-tools">
        {tokens !== null && (
          <SegmentedControl
            size="xs"
            aria-label="How the body is shown"
            data={['Pretty', 'Raw']}
            value={raw ? 'Raw' : 'Pretty'}
            onChange={(value) => setRaw(value === 'Raw')}
          />
        )}
        <span className="quiet small">{[sizeOf(text), note].filter(Boolean).join(', ')}</span>
        <div className="row push">
          <CopyButton text={text} label="Copy body" />
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<Download size={13} />}
            onClick={() => save(text, name)}
          >
            Save
          </Button>
        </div>
      </div>
      {/* A scrolling area must be reachable by keyboard. */}
      <pre tabIndex={0} aria-label="Body">
        <BodyText text={text} tokens={raw ? null : tokens} />
      </pre>
    </div>
  );
}

/** Saves as plain text, so that nothing a stranger wrote is ever opened as a page. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function sizeOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}
