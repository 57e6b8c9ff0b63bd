import type { ReactNode } from 'react';
import { useEventTypes, wants } from '../catalogue/event-types.js';
import { CopyButton } from '../parts/copy-button.js';
import { Facts } from '../parts/page.js';
import { duration, Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { conditionsOf, labelOf } from './filter-draft.js';
import { describeSchedule, spellSchedule } from './schedule-text.js';
import { optionsInWords } from './profile-options.js';
import type { Subscription } from './subscriptions.js';

export function SubscriptionFacts({ subscription: one }: { subscription: Subscription }) {
  const types = useEventTypes();
  const matched = types.data?.filter(({ name }) => wants(one.events, name)).length;
  const options = optionsInWords(one.profileOptions);
  const rows: [string, ReactNode][] = [
    [
      'URL',
      <span key="u" className="mono">
        <Untrusted>{one.url}</Untrusted> <CopyButton text={one.url} label="Copy URL" />
      </span>,
    ],
    ['Id', <Id key="i" one={one} />],
    [
      'Events',
      <span key="e">
        <code>
          <Untrusted>{one.events.join(', ')}</Untrusted>
        </code>
        {matched !== undefined && <span className="quiet small"> · {matched} types</span>}
      </span>,
    ],
    ...versionRows(one),
    ['Scope', <Scope key="s" scope={one.scope} />],
    ['Filter', <Filter key="f" filter={one.filter} />],
    ['Headers', <Headers key="h" headers={one.headers} />],
    ...credentialRows(one),
    [
      'Schedule',
      <span key="r">
        {spellSchedule(one.retrySchedule) || 'none'}
        <span className="quiet small"> · {describeSchedule(one.retrySchedule)}</span>
      </span>,
    ],
    [
      'Pauses',
      one.pauseAfter === null
        ? 'never'
        : `after ${one.pauseAfter === 1 ? 'one failure' : `${one.pauseAfter} failures in a row`}${
            one.pauseAfterSeconds > 0 ? ` over at least ${duration(one.pauseAfterSeconds)}` : ''
          } (now ${one.failureCount})`,
    ],
    [
      'After the last retry',
      one.onExhausted === 'hold' ? 'held while the endpoint is down' : 'the delivery fails',
    ],
    ['Held deliveries', heldLimits(one)],
    [
      'Time limit',
      `${one.timeoutMs / 1_000} s${one.rateLimit ? `, ${one.rateLimit.perSecond} requests per second` : ''}`,
    ],
    ['Profile', one.profile],
    ...(options === ''
      ? []
      : [['Options', <Untrusted key="o">{options}</Untrusted>] satisfies [string, ReactNode]]),
    ...(one.providerId === null
      ? []
      : [['Provider’s id', <code key="p">{one.providerId}</code>] satisfies [string, ReactNode]]),
    ['Changed', <Time key="t" at={one.updatedAt} />],
  ];
  return <Facts of={rows} />;
}

/** Only those that are set. */
function credentialRows({ clientCertificate: certificate, oauth2 }: Subscription): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [];
  if (certificate)
    rows.push([
      'Client certificate',
      <span key="c">
        <Untrusted>{certificate.subject}</Untrusted>
        <span className="quiet small">
          {' '}
          · by <Untrusted>{certificate.issuer}</Untrusted>, until <Time at={certificate.notAfter} /> ·{' '}
          <code>{certificate.fingerprint}</code>
        </span>
      </span>,
    ]);
  if (oauth2)
    rows.push([
      'OAuth2',
      <span key="o">
        <Untrusted>{oauth2.clientId}</Untrusted>
        <span className="quiet small">
          {' '}
          at <Untrusted>{oauth2.tokenUrl}</Untrusted>
        </span>
      </span>,
    ]);
  return rows;
}

function versionRows({ eventTypeVersions }: Subscription): [string, ReactNode][] {
  if (eventTypeVersions === null) return [];
  const pins = Object.entries(eventTypeVersions).map(([name, version]) => `${name} in version ${version}`);
  return [['Versions', <Untrusted key="v">{pins.join(', ')}</Untrusted>]];
}

function heldLimits({ heldDays, heldMax }: Subscription): string {
  const days = heldDays === null ? 'expire after the server’s default' : `expire after ${heldDays} days`;
  return heldMax === null ? days : `${days}, ${heldMax.toLocaleString()} at most`;
}

function Id({ one }: { one: Subscription }) {
  return (
    <span className="mono">
      {one.uid !== null && (
        <>
          <Untrusted>{one.uid}</Untrusted> ·{' '}
        </>
      )}
      {one.id} <CopyButton text={one.id} label="Copy id" />
    </span>
  );
}

function Scope({ scope }: { scope: Subscription['scope'] }) {
  if (scope.level === 'space') return <>the whole space</>;
  const ids = [
    scope.clientId && `client ${scope.clientId}`,
    scope.campaignId && `campaign ${scope.campaignId}`,
    ...Object.entries(scope.tags ?? {}).map(([name, value]) => `${name} ${[value].flat().join(' or ')}`),
  ];
  return <Untrusted>{ids.filter(Boolean).join(', ')}</Untrusted>;
}

function Filter({ filter }: { filter: Record<string, unknown> | null }) {
  const conditions = conditionsOf(filter);
  if (conditions.length === 0) return <span className="quiet">none</span>;
  return (
    <ul className="plain-list">
      {conditions.map(({ path, operator, value }, index) => (
        <li key={index}>
          <code>
            <Untrusted>{path}</Untrusted>
          </code>{' '}
          {labelOf(operator)}{' '}
          <code>
            <Untrusted>{value}</Untrusted>
          </code>
        </li>
      ))}
    </ul>
  );
}

function Headers({ headers }: { headers: Record<string, string> | null }) {
  // A key that may only read does not see them.
  if (headers === null) return <span className="quiet">hidden from this key</span>;
  const names = Object.keys(headers);
  if (names.length === 0) return <span className="quiet">none</span>;
  return (
    <code>
      <Untrusted>{names.join(', ')}</Untrusted>
    </code>
  );
}
