import { Untrusted } from './untrusted.js';
import type { JsonToken } from './pretty-json.js';

/** A body: JSON laid out from its tokens, anything else (`tokens` is null) as it is. */
export function BodyText({ text, tokens }: { text: string; tokens: JsonToken[] | null }) {
  if (tokens === null) return <Untrusted multiline>{text}</Untrusted>;
  return tokens.map(({ kind, text: piece }, index) =>
    kind === 'other' ? (
      piece
    ) : (
      <span key={index} className={`json-${kind}`}>
        <Untrusted>{piece}</Untrusted>
      </span>
    ),
  );
}
