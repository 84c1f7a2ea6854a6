import { setImmediate as turn } from 'node:timers/promises';
import { actions } from '../../src/actions/catalogue.ts';
import type { StepContext } from '../../src/actions/contract.ts';
import type { Evidence } from '../../src/model/event.ts';
import type { ActionName } from '../../src/model/plan.ts';
import type { ManualClock } from '../manual-clock.ts';
import type { Target } from './target-state.ts';

/** Lets time pass only while somebody waits for it, until the work is done. */
export async function finished<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  void work.then(end, end);
  while (!over) {
    if (clock.sleepers() > 0) await clock.pass(50);
    else await turn();
  }
  return await work;
}

/** The step done and proven, whatever was there before. */
export function perform(target: Target, action: ActionName, changes: Partial<StepContext> = {}): Promise<Evidence> {
  const context = target.context(changes);
  const work = async () => {
    await actions[action].perform?.(context);
    return await actions[action].prove(context);
  };
  return finished(target.clock, work());
}

/** The look before a step is done: what `perform` would be spared for. */
export function look(target: Target, action: ActionName, changes: Partial<StepContext> = {}): Promise<Evidence> {
  return finished(target.clock, actions[action].prove(target.context({ patient: false, ...changes })));
}
