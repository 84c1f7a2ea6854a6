import { newId } from '../core/ids.ts';
import { redact } from '../core/redaction.ts';
import type { ChildPlanned, ProcessIdentity } from '../model/child.ts';
import type { ChildLedger, Command } from './contract.ts';

/** The variable by which a child, and whatever inherits its environment, is found again. */
export const TAG_VARIABLE = 'ROLLBACKD_RUN_TAG';

/** What is written down of one child. `environment` is what the child gets on top of the command's own. */
export interface ChildRecord {
  readonly environment: Readonly<Record<string, string>>;
  planned(): void;
  started(identity: ProcessIdentity): void;
  ended(outcome: Parameters<ChildLedger['ended']>[1], code?: number): void;
}

export interface Occasion {
  readonly ledger: ChildLedger;
  readonly run: string;
  readonly step: string;
}

export function recordIn({ ledger, run, step }: Occasion, command: Command, now: number): ChildRecord {
  const tag = newId('child', now);
  const planned: ChildPlanned = {
    tag,
    run,
    step,
    program: command.program,
    arguments: command.arguments.map(redact),
  };
  return {
    environment: { [TAG_VARIABLE]: tag },
    planned: () => ledger.planned(planned),
    started: (identity) => ledger.started(tag, identity),
    ended: (outcome, code) => ledger.ended(tag, outcome, code),
  };
}

/** For commands that change nothing: one left behind does no harm. */
export const unrecorded: ChildRecord = {
  environment: {},
  planned: () => {},
  started: () => {},
  ended: () => {},
};
