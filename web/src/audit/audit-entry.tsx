import { Link } from 'wouter';
import type { Schemas } from '../api/client.js';
import { DataTable } from '../parts/data-table.js';
import { spacePath } from '../session/space.js';
import { writeNumbers } from '../text/exact-numbers.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

type Entry = Schemas['AuditEntry'];

/** One change; opened, it shows what was there before and what is there now. */
export function AuditEntryLine({ entry, withSpace }: { entry: Entry; withSpace: boolean }) {
  const { action, actor, target, at, via } = entry;
  return (
    <li>
      <details>
        <summary data-row className="audit-line">
          <span className="mono ellipsis">{action}</span>
          <span className="ellipsis">
            <Untrusted>{target.name ?? target.id}</Untrusted>
          </span>
          <span className="quiet ellipsis">
            <Untrusted>{actorInWords(actor)}</Untrusted>
            {` · ${VIA[via] ?? via}`}
          </span>
          <Time at={at} className="quiet numbers nowrap" />
        </summary>
        <Detail entry={entry} withSpace={withSpace} />
      </details>
    </li>
  );
}

const VIA: Record<string, string> = {
  api: 'API',
  cli: 'command line',
  dashboard: 'dashboard',
  provider_api: 'provider’s API',
  application: 'application',
};

function actorInWords({ kind, name, id }: Entry['actor']): string {
  if (kind === 'admin') return 'admin key';
  if (kind === 'application') return 'application code';
  if (kind === 'person') return name ?? `${id ?? ''} (erased)`;
  return `${kind === 'key' ? 'key' : 'portal link'} ${name ?? id ?? ''}`.trim();
}

function Detail({ entry, withSpace }: { entry: Entry; withSpace: boolean }) {
  const { before, after, target, actor, spaceId, ip, userAgent, requestId } = entry;
  const facts: [string, string | null][] = [
    ['Thing', `${target.type} ${target.id}`],
    ['By', actor.id],
    ['From', ip],
    ['Client', userAgent],
    ['Request', requestId],
  ];
  return (
    <div className="audit-detail stack stack-tight">
      <Changes before={before} after={after} />
      <dl className="facts small">
        {withSpace && spaceId !== null && (
          <div>
            <dt>Space</dt>
            <dd>
              <Link href={spacePath(spaceId, 'audit')} className="mono">
                {spaceId}
              </Link>
            </dd>
          </div>
        )}
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono">
                  <Untrusted>{value}</Untrusted>
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}

type Fields = Record<string, unknown>;

function Changes({ before, after }: { before: Fields | null; after: Fields | null }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (names.length === 0) return <p className="quiet flat">No fields were recorded for this change.</p>;
  const heads = ['Field', ...(before === null ? [] : ['Before']), ...(after === null ? [] : ['After'])];
  return (
    <DataTable label="Before and after" heads={heads}>
      {names.map((name) => (
        <tr key={name}>
          <th scope="row">
            <Untrusted>{name}</Untrusted>
          </th>
          {before !== null && <Value of={before[name]} />}
          {after !== null && <Value of={after[name]} />}
        </tr>
      ))}
    </DataTable>
  );
}

function Value({ of: value }: { of: unknown }) {
  return (
    <td>
      <code className="break">{value === undefined ? '' : <Untrusted>{writeNumbers(value)}</Untrusted>}</code>
    </td>
  );
}
