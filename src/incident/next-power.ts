import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { lapsedAt } from './read-state.ts';

/** Power that has run out is taken back in the journal too, and told: from then on nothing is done alone. */
export function lapsedArming(state: DaemonState, { now }: Outlook): Move[] {
  const until = lapsedAt(state, now);
  if (until === undefined) return [];
  const { baseMode: mode } = state;
  const since = new Date(until).toISOString();
  const text = `The mode is ${mode} again: each rollback needs a person. To arm it again: \`rollbackd arm\`.`;
  return [
    { kind: 'end-arming', mode, reason: `it was armed only until ${since}` },
    {
      kind: 'tell',
      identity: {
        about: 'daemon',
        topic: { kind: 'once', of: { what: 'arming-lapsed', which: `${until} ${state.lastSeq}` } },
      },
      subject: `no longer armed since ${since}: arm again`,
      text,
      urgency: 'alarmed',
    },
  ];
}
