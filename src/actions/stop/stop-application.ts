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
    if (refusals.length > 0) {
      throw new StepFailed('refused', `the process manager must not be used: ${refusals.join('; ')}`, {
        remedy: 'start the process manager outside rollbackd, as its own service',
      });
    }
    await world.process.stopAndSave(signal);
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
