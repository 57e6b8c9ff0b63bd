import type { CeilingCommands, LoopKind } from './ceiling.js';
import type { Engine, EngineOptions } from './engine.js';
import type { GeneratorCommands } from './generator.js';
import type { Peer } from './process-commands.js';
import type { ReceiverCommands } from './receiver.js';

/** What a scenario plays on. */
export interface Stage {
  engine: Engine;
  receiver: Peer<ReceiverCommands>;
  /** The receiver's address. */
  receiverUrl: string;
  generator: Peer<GeneratorCommands>;
  /** The bare loop of each kind, in a process of its own. */
  loops: Record<LoopKind, Peer<CeilingCommands>>;
  isQuick: boolean;
  /** How many finished deliveries fill the tables, where not as many as the scenario says. */
  rows?: number;
  /** About how long one measurement should take. */
  seconds: number;
  /** Starts another engine; the scenario closes it. */
  startEngine: (options?: Partial<EngineOptions>) => Promise<Engine>;
  /** Says what goes on. */
  progress: (line: string) => void;
}

/** What one play measured, by name; names end in their unit. */
export type Figures = Record<string, number>;

/** What a figure must be. */
export interface Target {
  atLeast?: number;
  atMost?: number;
}

export interface Scenario {
  name: string;
  about: string;
  /** The figure, in requests a second, that is compared with the bare loops measured before and after each play. */
  compared?: string;
  targets: Record<string, Target>;
  /** About how long the data of each event is, for the loops; as long as a lead unless given. */
  bytes?: number;
  /** Takes minutes: played only when it is named, and once or three times. */
  isLong?: 'once' | 'three times';
  /** Not played when another queue is measured. */
  onlyQueue?: 'postgres' | 'redis';
  /** Once before the plays, for what must not be measured: code that is not compiled yet, rates not known yet. */
  warmUp?: (stage: Stage) => Promise<void>;
  play: (stage: Stage) => Promise<Figures>;
}
