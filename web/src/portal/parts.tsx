import { useEffect, useId, useState, type ReactNode } from 'react';
import { useWords } from './language.js';
import { problemText } from './problem.js';

export type Tone = 'good' | 'bad' | 'wait' | 'hold' | 'mute';

/** A dot and a word: colour never speaks alone. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`badge tone-${tone}`}>{children}</span>;
}

export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords();
  return (
    <div role="alert" className="note note-bad">
      <span>{problemText(words, error)}</span>
      {retry && (
        <button type="button" onClick={retry}>
          {words.text('retryLoad')}
        </button>
      )}
    </div>
  );
}

export function Loading() {
  const words = useWords();
  return (
    <p className="loading quiet" role="status">
      {words.text('loading')}
    </p>
  );
}

export function Panel({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {tools}
      </div>
      <div className="panel-body">{children}</div>
    </section>
  );
}

export function Facts({ of }: { of: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {of.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** When something was: how long ago, and exactly. */
export function Time({ at }: { at: string }) {
  const words = useWords();
  return <time dateTime={at}>{words.date(at)}</time>;
}

export function CopyButton({ text }: { text: string }) {
  const words = useWords();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setDone(true),
      // A frame may be forbidden it: the text can be selected.
      () => undefined,
    );
  return (
    <button type="button" onClick={() => void copy()}>
      <span aria-live="polite">{words.text(done ? 'copied' : 'copy')}</span>
    </button>
  );
}

interface AskProps {
  question: string;
  yes: string;
  isBusy: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** Asks in the page itself: in a high frame a dialog would be out of sight. */
export function Ask({ question, yes, isBusy, onYes, onNo }: AskProps) {
  const words = useWords();
  return (
    <div role="group" aria-label={yes} className="note note-hold">
      <span>{question}</span>
      <span className="row">
        <button type="button" className="danger" disabled={isBusy} onClick={onYes} ref={focused}>
          {yes}
        </button>
        <button type="button" onClick={onNo}>
          {words.text('cancel')}
        </button>
      </span>
    </div>
  );
}

function focused(element: HTMLElement | null): void {
  element?.focus();
}

/** The end of a list that has more. */
export function More({ list }: { list: { hasMore: boolean; isLoadingMore: boolean; loadMore: () => void } }) {
  const words = useWords();
  if (!list.hasMore) return null;
  return (
    <button type="button" className="more" disabled={list.isLoadingMore} onClick={list.loadMore}>
      {words.text(list.isLoadingMore ? 'loading' : 'loadMore')}
    </button>
  );
}
