import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** How a worker holds an endpoint back, or is behind with it, as it said some seconds ago. Unlogged. */
@Table('endpoint_throttles')
export class EndpointThrottleEntity {
  @PrimaryColumn('uuid', { name: 'subscription_id' })
  subscriptionId: string;

  @PrimaryColumn('uuid', { name: 'worker_id' })
  workerId: string;

  /** Requests that may be under way at once. */
  @Column('integer')
  concurrency: number;

  @Column('integer', { name: 'in_flight' })
  inFlight: number;

  /** Deliveries that wait in the worker. */
  @Column('integer')
  waiting: number;

  /** More waits than the worker can send, and not for the endpoint: it is not held back. */
  @Column('boolean', { name: 'is_behind', default: false })
  isBehind: boolean;

  @Column('timestamptz')
  at: Date;
}
