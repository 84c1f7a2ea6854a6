import type { AccessEntry } from '../../adapters/access-log/contract.ts';
import type { TrafficConfig } from '../../adapters/traffic/schema.ts';
import { requestsProbe } from '../../probes/requests.ts';
import type { ProbesConfig, TargetConfig } from '../../probes/schema.ts';
import type { Looks } from './input.ts';

/** Of the configuration: how requests are read and counted. */
export interface RequestsWorld {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus' | 'accessLog'>;
  readonly slotMs: number;
}

const hour = 3_600_000;
/** After so long without a request the log had nothing to say until the next one. */
const longestSilence = 6 * hour;

/** As the real probe would have read those requests, look by look, while they were written down. */
export async function* looksAt(entries: Iterator<AccessEntry>, world: RequestsWorld): Looks {
  const first = entries.next();
  if (first.done) return;
  const tape = new Tape(entries, first.value);
  const probe = requestsProbe({
    ...world,
    log: tape,
    // A log tells of neither: nobody showed maintenance, and nobody counted connections.
    balancer: { state: async () => ({ shows: 'application' }) },
    host: { establishedTo: async () => undefined },
    clock: { now: () => tape.now, monotonic: () => 0, sleep: async () => {} },
  });
  const { signal } = new AbortController();
  const every = world.probes.requestsEvery;
  for (let now = gridAfter(first.value.at, every); ; now = tape.next(now, every)) {
    tape.now = now;
    yield await probe.look(signal);
    if (tape.isOver) return;
  }
}

const gridAfter = (moment: number, every: number): number => Math.ceil(moment / every) * every;

/** A log whose lines are written while its time passes. */
class Tape {
  now = 0;
  readonly #entries: Iterator<AccessEntry>;
  #waiting: AccessEntry | undefined;
  #lastAt: number;

  constructor(entries: Iterator<AccessEntry>, first: AccessEntry) {
    this.#entries = entries;
    this.#waiting = first;
    this.#lastAt = first.at;
  }

  get isOver(): boolean {
    return this.#waiting === undefined;
  }

  /** When the probe looks next: at its pace, but not all through a silence of days. */
  next(now: number, every: number): number {
    const silent = now - this.#lastAt >= longestSilence;
    const wanted = this.#waiting?.at ?? now;
    return silent && wanted > now + every ? gridAfter(wanted, every) : now + every;
  }

  async readOn(onEntry: (entry: AccessEntry) => void): Promise<readonly string[]> {
    while (this.#waiting && this.#waiting.at <= this.now) {
      onEntry(this.#waiting);
      this.#lastAt = Math.max(this.#lastAt, this.#waiting.at);
      const next = this.#entries.next();
      this.#waiting = next.done ? undefined : next.value;
    }
    return [];
  }

  readBefore(): Promise<void> {
    return Promise.resolve();
  }
}
