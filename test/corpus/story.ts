import type { IncidentStatus } from '../../src/incident/state.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Mode } from '../../src/model/mode.ts';
import type { Role } from '../../src/model/person.ts';
import type { World } from './world.ts';

/** What the daemon does that people or the application notice. Anything it does and the story does not name is a wrong act. */
export type Act =
  | 'contain'
  | 'roll back alone'
  | 'roll back as approved'
  | 'ask'
  | 'hold'
  | 'withdraw'
  | 'close'
  | 'find in the watch'
  | 'say that it is blind';

export type PersonDoes =
  | { readonly does: 'approve' | 'reject'; readonly name: string; readonly role: Role }
  | { readonly does: 'pause'; readonly forMinutes: number }
  | { readonly does: 'unpause' | 'release' | 'acknowledge' | 'close' | 'resume' | 'roll back by hand' | 'arm' }
  | { readonly does: 'set mode'; readonly mode: Exclude<Mode, 'armed'> };

export type Line =
  | { readonly at: number; readonly line: 'world'; readonly change: Partial<World> }
  | { readonly at: number; readonly line: 'person'; readonly person: PersonDoes }
  | { readonly at: number; readonly line: 'restart' }
  | {
      readonly at: number;
      readonly line: 'decision';
      readonly action: Decision['action'];
      readonly saying: RegExp | undefined;
    }
  | { readonly at: number; readonly line: 'status'; readonly status: IncidentStatus['status'] | 'no incident' };

export interface ExpectedAct {
  readonly act: Act;
  readonly from: number;
  readonly to: number;
}

export interface Story {
  readonly title: string;
  readonly mode: Mode;
  readonly lastsMs: number;
  readonly lines: readonly Line[];
  readonly acts: readonly ExpectedAct[];
}

/** `01:02:03`, `12:30` (minutes and seconds) or `5` (minutes) -> milliseconds. */
export function clock(text: string): number {
  const parts = text.split(':').map(Number);
  const [hours, minutes, seconds] = parts.length === 3 ? parts : parts.length === 2 ? [0, ...parts] : [0, parts[0], 0];
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000;
}

type Sentence = (story: Story) => Story;

export const at = (time: string) => {
  const line =
    (added: Line): Sentence =>
    (story) => ({ ...story, lines: [...story.lines, added] });
  const moment = clock(time);
  return {
    sees: (change: Partial<World>) => line({ at: moment, line: 'world', change }),
    person: (person: PersonDoes) => line({ at: moment, line: 'person', person }),
    restarts: () => line({ at: moment, line: 'restart' }),
    decides: (action: Decision['action'], saying?: RegExp) => line({ at: moment, line: 'decision', action, saying }),
    stands: (status: IncidentStatus['status'] | 'no incident') => line({ at: moment, line: 'status', status }),
  };
};

/** The act must happen, once, within these bounds. */
export const between = (from: string, to: string) => ({
  expect:
    (act: Act): Sentence =>
    (story) => ({ ...story, acts: [...story.acts, { act, from: clock(from), to: clock(to) }] }),
});

export function story(title: string, mode: Mode, lasts: string, ...sentences: readonly Sentence[]): Story {
  const bare: Story = { title, mode, lastsMs: clock(lasts), lines: [], acts: [] };
  const told = sentences.reduce((known, sentence) => sentence(known), bare);
  return { ...told, lines: [...told.lines].sort((a, b) => a.at - b.at) };
}
