import type { ChildLedger } from '../../src/exec/contract.ts';
import type { EventBody } from '../../src/model/event.ts';

export interface MemoryLedger extends ChildLedger {
  readonly written: EventBody[];
}

/** Writes down what the journal would. */
export function memoryLedger(): MemoryLedger {
  const written: EventBody[] = [];
  return {
    written,
    planned: (child) => written.push({ kind: 'child.planned', ...child }),
    started: (tag, identity) => written.push({ kind: 'child.started', tag, ...identity }),
    ended: (tag, outcome, code) =>
      written.push({ kind: 'child.ended', tag, outcome, ...(code === undefined ? {} : { code }) }),
  };
}
