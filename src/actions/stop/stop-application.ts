import type { Refusal } from '../../adapters/process/contract.ts';
import { RollbackdError } from '../../core/errors.ts';
import { type Action, StepFailed } from '../contract.ts';

export const stopApplication: Action = {
  describe: ({ process, settings }) => ({
    title: `Stop ${settings.process.names.join(', ')} and keep it stopped over a reboot`,
    commands: process.describe('stopAndSave'),
    evidence: 'every process of the target is stopped in the process manager and has no pid',
    effect: 'the application answers nobody from here on',
    expectedMs: 5_000,
  }),

  async perform({ world, signal }) {
    const refusals = await world.process.refusals(signal);
    const unusable = refusals.filter(({ against }) => against === 'acting');
    if (unusable.length > 0) throw mustNotBeUsed(unusable);
    // What hinders it from staying stopped must not keep a leak going: stopped first, and then said.
    const mayBeSaved = refusals.every(({ against }) => against !== 'saving');
    await (mayBeSaved ? world.process.stopAndSave(signal) : world.process.stop(signal));
    if (refusals.length > 0) throw notForGood(refusals);
  },

  async prove({ world, patient, signal }) {
    const processes = await world.process.list(signal);
    // No failed proof, which would let it be performed: there is nothing to stop, and nothing that may be saved.
    if (processes.length === 0) {
      throw new RollbackdError('not-proven', `the process manager knows none of ${world.settings.process.names}`, {
        remedy:
          'start it under that pm2, or correct process.names and process.home and begin anew with `rollbackd rollback`',
      });
    }
    // Stopped is not yet saved so, which only doing it again proves: else a reboot would bring the application back.
    if (!patient) throw new StepFailed('not-proven', 'that it stays stopped over a reboot is not proven yet');
    const alive = processes.filter(({ pid, status }) => pid !== 0 || status === 'online' || status === 'starting');
    if (alive.length > 0) {
      const names = alive.map(({ name, pid, status }) => `${name} (pid ${pid}, ${status})`).join(', ');
      throw new StepFailed('not-proven', `still running: ${names}`);
    }
    return { stopped: processes.length };
  },
};

const told = (refusals: readonly Refusal[]) => refusals.map(({ reason }) => reason).join('; ');

const mustNotBeUsed = (refusals: readonly Refusal[]) =>
  new StepFailed('refused', `the process manager must not be used: ${told(refusals)}`, {
    remedy: 'start the process manager outside rollbackd, as its own service',
  });

const notForGood = (refusals: readonly Refusal[]) =>
  new StepFailed('refused', `the application is stopped, but not for good: ${told(refusals)}`, {
    remedy:
      'put this right in the process manager, then resume the run; until then a reboot or its schedule may start the application again',
  });
