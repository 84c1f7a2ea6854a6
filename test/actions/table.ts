import { expect, it } from 'vitest';
import type { StepContext } from '../../src/actions/contract.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { perform } from './perform.ts';
import type { SettingsChange } from './settings.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

export interface Row {
  readonly action: ActionName;
  /** What is the matter with the target. */
  readonly when: string;
  readonly spoil: (target: Target) => void;
  readonly reason: string;
  readonly message: RegExp;
  readonly settings?: SettingsChange;
  readonly context?: Partial<StepContext>;
}

/** One test a row: the action is performed on the spoilt target, and must fail by its own evidence. */
export function eachFails(rows: readonly Row[], prepare: (target: Target) => void): void {
  it.each(rows)('$action fails when $when', async ({ action, spoil, reason, message, settings, context }) => {
    using target = openTarget(settings);
    prepare(target);
    spoil(target);
    await expect(perform(target, action, context)).rejects.toMatchObject({
      reason,
      message: expect.stringMatching(message),
    });
  });
}
