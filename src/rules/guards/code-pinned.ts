import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** The legacy code is the very commit that was pinned when the daemon was armed: a tag or a branch may be moved. */
export function judgeCodePinned({ armed, plan }: GuardFacts): GuardResult {
  if (armed?.legacyCommit === undefined)
    return failed('code-pinned', 'no commit is pinned: that happens when the daemon is armed');
  if (!plan.known) return failed('code-pinned', `which commit would be rolled back to is not known: ${plan.reason}`);
  const { legacyCommit } = plan.value;
  return legacyCommit === armed.legacyCommit
    ? passed('code-pinned', `the legacy code is the pinned commit (${short(legacyCommit)})`)
    : failed('code-pinned', movedCode(armed.legacyCommit, legacyCommit));
}

/** `code.legacyRef` names another commit than it did. */
export const movedCode = (pinned: string, now: string): string =>
  `code.legacyRef names another commit than was pinned (${short(pinned)}, now ${short(now)})`;

const short = (commit: string): string => commit.slice(0, 10);
