import { diffLines } from '../text/line-diff.js';
import { Untrusted } from '../text/untrusted.js';
import './diff-view.css';

interface Props {
  label: string;
  before: string;
  after: string;
}

/** What differs between two texts, line by line. */
export function DiffView({ label, before, after }: Props) {
  if (before === after) return <p className="quiet flat">{label}: the same.</p>;
  return (
    <figure className="diff" aria-label={`${label}: differences`}>
      <figcaption className="small quiet">{label}</figcaption>
      <pre tabIndex={0}>
        {diffLines(before, after).map(({ sign, text }, index) => (
          <span key={index} data-sign={sign} className="diff-line">
            {sign} <Untrusted>{text}</Untrusted>
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}
