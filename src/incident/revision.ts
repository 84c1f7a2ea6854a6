import type { DaemonState } from './daemon-state.ts';
import { isToldLately } from './damping.ts';
import { evidenceHash } from './evidence.ts';
import type { Move } from './moves.ts';
import { isDoubt, type News } from './news.ts';
import type { Outlook } from './outlook.ts';
import type { Incident } from './state.ts';

/** A new revision voids every earlier click, and the incident is open again. */
export function revision(incident: Incident, why: News, state: DaemonState, outlook: Outlook): Move[] {
  const { id, frozen } = incident;
  const decision = frozen && isDoubt(frozen.decision, outlook.decision) ? frozen.decision : outlook.decision;
  return [
    {
      kind: 'record-decision',
      incident: id,
      revision: (frozen?.revision ?? 0) + 1,
      decision,
      evidenceHash: evidenceHash(decision),
      why,
      quiet: isToldLately(state, decision, outlook),
    },
  ];
}
