import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { DataTable } from '../parts/data-table.js';
import { Figure, Figures } from '../parts/figures.js';
import { Facts, Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { Badge } from '../parts/status.js';
import { spacePath } from '../session/space.js';
import { duration, Relative, Time } from '../text/time.js';
import { atLeast, bytes } from '../text/units.js';
import { Untrusted } from '../text/untrusted.js';
import { Certificates } from './certificates.js';
import { useSystem, type SystemState } from './system.js';
import './system.css';

/** How all processes are, and what they need. */
export default function SystemPage() {
  const system = useSystem();
  return (
    <Page
      title="System"
      name="System"
      about={
        system.data && (
          <>
            Read <Relative at={system.data.readAt} />
          </>
        )
      }
    >
      {system.error && !system.data && (
        <ProblemNote error={system.error} retry={() => void system.refetch()} />
      )}
      {system.isPending && <Skeleton kind="panels" />}
      {system.data && <Content system={system.data} />}
    </Page>
  );
}

function Content({ system }: { system: SystemState }) {
  return (
    <div className="stack">
      <Warnings system={system} />
      <Counts system={system} />
      <Certificates of={system.certificates} readAt={system.readAt} />
      <Processes system={system} />
      <div className="two-panels">
        <Panel title="Database">
          <Facts of={databaseFacts(system)} />
        </Panel>
        <div className="stack">
          <Panel title="Retention">
            <Facts of={retentionFacts(system)} />
          </Panel>
          <Panel title="Operational events">
            <OperationalEvents system={system} />
          </Panel>
          <Panel title="Responding process">
            <Facts of={selfFacts(system)} />
          </Panel>
        </div>
      </div>
      <Tables system={system} />
      <Settings system={system} />
    </div>
  );
}

function Warnings({ system: { status, warnings } }: { system: SystemState }) {
  if (warnings.length === 0) {
    return (
      <div className="note" role="status">
        <Badge tone="good">No problems</Badge>
      </div>
    );
  }
  return (
    <div className={`note ${status === 'unavailable' ? 'note-bad' : 'note-hold'}`} role="status">
      <ul className="plain-list">
        {warnings.map(({ code, message }) => (
          <li key={`${code} ${message}`}>
            <Untrusted>{message}</Untrusted>
          </li>
        ))}
      </ul>
    </div>
  );
}

const UNKNOWN = 'unknown';

function Counts({ system: { queue, deliveries, processes, jobs } }: { system: SystemState }) {
  const alive = processes?.filter(({ state }) => state === 'alive') ?? [];
  const workers = alive.filter(({ role }) => role !== 'api').length;
  const oldest = deliveries?.oldestDueSeconds ?? null;
  return (
    <Figures>
      <Figure
        label="Workers alive"
        value={processes ? workers.toLocaleString() : UNKNOWN}
        about={alive.length === 1 ? '1 process in total' : `${alive.length} processes in total`}
      />
      <Figure
        label="Queue"
        value={queue.depth === null ? UNKNOWN : queue.depth.toLocaleString()}
        about={`jobs on ${queue.backend === 'redis' ? 'Redis' : 'PostgreSQL'}${
          queue.lagSeconds === null ? '' : `, the oldest waits ${duration(queue.lagSeconds)}`
        }`}
      />
      <Figure
        label="Oldest due"
        value={deliveries === null ? UNKNOWN : oldest === null ? 'none' : duration(oldest)}
        about={deliveries ? waitingInWords(deliveries) : ''}
      />
      <Figure
        label="Jobs"
        value={jobs ? (jobs.running + jobs.waiting).toLocaleString() : UNKNOWN}
        about={
          jobs ? `${jobs.running} running · ${jobs.waiting} waiting · ${jobs.failed} failed in 24 h` : ''
        }
      />
    </Figures>
  );
}

function waitingInWords({ due, retrying, held, capped }: NonNullable<SystemState['deliveries']>): string {
  return [
    `${atLeast(due, capped.due)} due`,
    `${atLeast(retrying, capped.retrying)} to retry`,
    `${atLeast(held, capped.held)} held`,
  ].join(' · ');
}

const STATES = {
  alive: ['good', 'Alive'],
  silent: ['hold', 'Silent'],
  ended: ['mute', 'Ended'],
} as const;

function Processes({ system: { processes } }: { system: SystemState }) {
  if (processes === null) {
    return (
      <Panel title="Processes">
        <p className="quiet flat">Unknown while the database does not respond.</p>
      </Panel>
    );
  }
  return (
    <Panel title="Processes" flush>
      <DataTable
        label="Processes"
        heads={['State', 'Role', 'Machine', 'Version', 'Last beat', 'Started', 'Clock']}
      >
        {processes.map((one) => (
          <tr key={one.id}>
            <td>
              <Badge tone={STATES[one.state][0]}>{STATES[one.state][1]}</Badge>
            </td>
            <td>{one.role}</td>
            <td className="break">
              <Untrusted>{one.host}</Untrusted>
              <span className="quiet"> · {one.pid}</span>
              {one.isThis && <span className="tag nowrap">this one</span>}
            </td>
            <td>
              <Untrusted>{one.version}</Untrusted>
            </td>
            <td className="nowrap">
              <Relative at={one.seenAt} />
            </td>
            <td className="nowrap">
              <Time at={one.startedAt} />
            </td>
            <td className="numbers">{Math.round(one.clockSkewMs)} ms</td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function databaseFacts({ database }: SystemState): [string, ReactNode][] {
  const { state, version, sizeBytes, connections, isReadOnly, isStandby, replicas, migrations } = database;
  return [
    [
      'State',
      <Badge key="s" tone={state === 'ok' ? 'good' : 'bad'}>
        {state === 'ok' ? 'Healthy' : state}
      </Badge>,
    ],
    ['Version', version ?? UNKNOWN],
    ['Size', sizeBytes === null ? UNKNOWN : bytes(sizeBytes)],
    [
      'Connections',
      connections
        ? `${connections.posthorn} of Posthorn, ${connections.server} of ${connections.allowed} of the server`
        : UNKNOWN,
    ],
    ['Takes writes', isReadOnly === null ? UNKNOWN : isReadOnly ? 'no, read-only' : 'yes'],
    [
      'Replication',
      isStandby === null ? UNKNOWN : isStandby ? 'replica of another server' : `${replicas ?? 0} replicas`,
    ],
    ['Migrations', migrations ? migrationsInWords(migrations) : UNKNOWN],
  ];
}

function migrationsInWords({
  applied,
  expected,
  missing,
  unknown,
}: NonNullable<SystemState['database']['migrations']>): ReactNode {
  const more = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`of a newer release: ${unknown.join(', ')}`] : []),
  ];
  return [`${applied} of ${expected}`, ...more].join('; ');
}

function retentionFacts({ retention: { days, oldestDay, nextDropAt } }: SystemState): [string, ReactNode][] {
  return [
    ['Kept for', `${days} days`],
    ['Oldest day', oldestDay ?? 'none'],
    ['Next drop', nextDropAt === null ? 'none' : <Relative key="n" at={nextDropAt} />],
  ];
}

/** What tells people of paused endpoints, and how to turn it on. */
function OperationalEvents({ system: { operationalSpace } }: { system: SystemState }) {
  if (operationalSpace === null)
    return (
      <p className="flat">
        Off. With <code>POSTHORN_OPERATIONAL_SPACE</code> set, paused and recovered endpoints are published as
        webhooks, for your application or a chat.
      </p>
    );
  return (
    <p className="flat">
      Published in the space{' '}
      <Link href={spacePath(operationalSpace, 'subscriptions')}>
        <Untrusted>{operationalSpace}</Untrusted>
      </Link>
      . Its subscriptions say who gets them.
    </p>
  );
}

function selfFacts({ self }: SystemState): [string, ReactNode][] {
  const { open, idle, waiting, max } = self.pool;
  return [
    ['Machine', <Untrusted key="h">{`${self.host}, process ${self.pid}, role ${self.role}`}</Untrusted>],
    ['Versions', `Posthorn ${self.version}, Node ${self.node}`],
    ['Memory', bytes(self.memoryBytes)],
    ['Pool', `${open} of ${max} open, ${idle} idle, ${waiting} waiting for one`],
  ];
}

function Tables({ system: { database } }: { system: SystemState }) {
  if (database.tables === null) return null;
  return (
    <Panel title="Tables" flush>
      <DataTable label="Tables" heads={['Table', 'Size', 'Rows, about']}>
        {database.tables.map(({ name, sizeBytes, estimatedRows, partitions }) => (
          <tr key={name}>
            <td>
              {partitions.length === 0 ? (
                <code>{name}</code>
              ) : (
                <Partitions name={name} partitions={partitions} />
              )}
            </td>
            <td className="numbers">{bytes(sizeBytes)}</td>
            <td className="numbers">{estimatedRows.toLocaleString()}</td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

type Table = NonNullable<SystemState['database']['tables']>[number];

function Partitions({ name, partitions }: Pick<Table, 'name' | 'partitions'>) {
  return (
    <details>
      <summary>
        <code>{name}</code> <span className="quiet small">{partitions.length} partitions</span>
      </summary>
      <table className="partitions">
        <tbody>
          {partitions.map((one) => (
            <tr key={one.name}>
              <td>
                <code>{one.name}</code>
              </td>
              <td className="numbers">{bytes(one.sizeBytes)}</td>
              <td className="numbers">{one.estimatedRows.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Settings({ system: { settings } }: { system: SystemState }) {
  if (settings.length === 0) {
    return (
      <Panel title="Settings that differ from the default">
        <p className="quiet flat">None.</p>
      </Panel>
    );
  }
  return (
    <Panel title="Settings that differ from the default" flush>
      <DataTable label="Settings" heads={['Setting', 'Value', 'Default']}>
        {settings.map(({ name, value, default: usual }) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
            </td>
            <td className="break">
              {value === null ? (
                <span className="quiet">set, not shown</span>
              ) : (
                <code>
                  <Untrusted>{value}</Untrusted>
                </code>
              )}
            </td>
            <td className="break quiet">
              {usual === null || usual === '' ? 'none' : <Untrusted>{usual}</Untrusted>}
            </td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}
