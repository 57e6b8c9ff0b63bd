import { Engine, type EngineOptions } from './engine.js';
import { ManualClock } from './manual-clock.js';
import { Receiver, type Answer } from './receiver.js';
import { Tenant } from './tenant.js';

export interface StoryOptions extends EngineOptions {
  /** `test` gives each test an engine and a database of its own; otherwise the tests of the block share one. */
  engineFor?: 'block' | 'test';
  /** `block` keeps the tenant and the receiver, too; otherwise each test gets new ones. */
  tenantFor?: 'block' | 'test';
  /** Of the tenant. */
  profile?: string;
  /** How the receiver answers; with 200 unless given. */
  answer?: Answer;
}

export interface Story {
  engine: Engine;
  tenant: Tenant;
  receiver: Receiver;
}

const SPAN = { block: [beforeAll, afterAll], test: [beforeEach, afterEach] } as const;

/**
 * Registers what most tests of a block need, and its end: an engine, and for each test a tenant and a receiver. A
 * manual clock given to the engine shows the present when the engine opens.
 */
export function useStory({
  engineFor = 'block',
  tenantFor = 'test',
  profile,
  answer,
  ...options
}: StoryOptions = {}): Story {
  const engine = new Engine(options);
  const tenant = new Tenant(engine, profile);
  const receiver = new Receiver(answer);
  const [before, after] = SPAN[engineFor];
  before(() => {
    if (options.clock instanceof ManualClock) options.clock.set(Date.now());
    return engine.open();
  });
  after(() => engine.close());
  after(() => receiver.closeRetired());
  const [beforeTenant, afterTenant] = SPAN[tenantFor];
  beforeTenant(async () => {
    await tenant.open();
    await receiver.open();
  });
  afterTenant(() => (engineFor === 'block' && tenantFor === 'test' ? receiver.retire() : receiver.close()));
  return { engine, tenant, receiver };
}
