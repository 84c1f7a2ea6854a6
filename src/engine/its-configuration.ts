import { RollbackdError } from '../core/errors.ts';
import type { RunState } from '../incident/daemon-state.ts';
import { type ConfigMark, changedParts } from '../model/config-mark.ts';

/**
 * A run goes on by itself only under its own configuration. A person may take it on under another one in which nothing has
 * changed that could lead a write elsewhere; and a containment under any, since it only stops what the configuration names.
 * Errors: RollbackdError `config-changed`, naming what has changed.
 */
export function expectItsConfiguration(run: RunState, now: ConfigMark, person: string | undefined): void {
  if (run.configHash === now.hash) return;
  const isHarmless = run.config?.binding === now.binding;
  if (person !== undefined && (isHarmless || run.plan.kind === 'containment')) return;
  const changed = run.config && !isHarmless ? changedParts(run.config, now) : [];
  const what = changed.length > 0 ? `: ${changed.join(', ')} changed` : '';
  throw new RollbackdError('config-changed', `run ${run.run} was started with another configuration${what}`, {
    remedy: isHarmless
      ? 'nothing that could lead a write elsewhere has changed: `rollbackd resume` takes it on'
      : 'put back what it was started with and resume it; or give it up with `rollbackd close --reason ...`, and make a new plan with `rollbackd rollback --reason ...`',
  });
}
