import { useEffect, useState } from 'react';
import { isFramed } from './frame.js';
import { useWords } from './language.js';

/** The page around this one may need as long as this to tell the token. */
const PATIENCE_MS = 5_000;

export function NoAccess({ reason }: { reason: 'none' | 'expired' }) {
  const words = useWords();
  return (
    <div className="empty" role="alert">
      <h1>{words.text(reason === 'none' ? 'access.noneTitle' : 'access.expiredTitle')}</h1>
      <p className="quiet">{words.text(reason === 'none' ? 'access.none' : 'access.expired')}</p>
    </div>
  );
}

export function Waiting() {
  const words = useWords();
  const [isOver, setOver] = useState(!isFramed);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (isOver) return <NoAccess reason="none" />;
  return (
    <p className="quiet" role="status">
      {words.text('access.waiting')}
    </p>
  );
}
