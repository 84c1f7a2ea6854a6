import { nextWrittenStep } from '../../slow/written-steps.ts';
import type { FaultKind } from '../case.ts';

const stepWithin = 90_000;

/** Killed again and again: each daemon gets one step further. */
export const killDaemonEachStep: FaultKind = {
  name: 'kill-daemon-again',
  places: () => [{ when: 'throughout', step: '', needsNobody: true }],
  async strike({ cafe }) {
    const killedAt = new Set<string>();
    let starting = Promise.resolve();
    for (;;) {
      const step = await nextWrittenStep(cafe.journal, killedAt, stepWithin);
      if (step === undefined) break;
      killedAt.add(step);
      await cafe.kill();
      // It does not always live to answer.
      starting = cafe.start().catch(() => {});
    }
    await starting;
    return { hit: true };
  },
};
