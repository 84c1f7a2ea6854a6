import { isSameMatter, type Matter } from '../model/message-identity.ts';

/** What has been told about an incident or a run, when last, and how many times. */
export interface Told {
  readonly of: Matter;
  readonly at: number;
  readonly times: number;
}

export function withTold(told: readonly Told[], of: Matter, at: number): readonly Told[] {
  const before = told.find((each) => isSameMatter(each.of, of));
  const now = { of, at, times: (before?.times ?? 0) + 1 };
  return before ? told.map((each) => (each === before ? now : each)) : [...told, now];
}
