import type { Decision } from '../model/decision.ts';
import { isNotable } from '../model/verdict.ts';
import type { Move } from './moves.ts';
import type { Incident } from './state.ts';
import { ofIncident, tellOnce } from './tell.ts';

/** What is seen beside an incident's own trouble, and is no reason to ask: told once each. */
export function tellAlso(incident: Incident, { verdicts }: Decision): Move[] {
  const { id, known, frozen } = incident;
  const decided = (frozen?.decision.verdicts ?? []).filter(isNotable).map((told) => told.criterion);
  const heard = [...known.criteria, ...decided];
  return verdicts
    .filter((verdict) => isNotable(verdict) && !heard.includes(verdict.criterion))
    .flatMap((also) =>
      tellOnce(ofIncident(incident), {
        of: { what: 'also', which: also.criterion },
        subject: `${id}: ${also.criterion} as well`,
        text: `${also.criterion} is ${also.verdict}: ${also.reason}.`,
        urgency: 'alarmed',
      }),
    );
}
