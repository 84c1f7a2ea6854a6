import type { ChildLedger } from '../exec/contract.ts';
import type { Memory } from './memory.ts';

/** Every child is in the journal before it exists. */
export function journalLedger(memory: Pick<Memory, 'append'>): ChildLedger {
  return {
    planned: (child) => void memory.append({ kind: 'child.planned', ...child }),
    started: (tag, identity) => void memory.append({ kind: 'child.started', tag, ...identity }),
    ended: (tag, outcome, code) =>
      void memory.append({ kind: 'child.ended', tag, outcome, ...(code !== undefined && { code }) }),
  };
}
