import { obstacleInWords } from '../../model/obstacle.ts';
import { type Action, StepFailed } from '../contract.ts';
import { obstaclesOfRun } from '../preflight/preflight.ts';

/** What the run will need after the stop, and does not try by itself before. */
export const checkTarget: Action = {
  describe: ({ settings }) => ({
    title: 'See that whatever the rollback needs is there, and works',
    commands: [],
    evidence:
      'pm2 obeys, the ecosystem file will be there, the balancer shows maintenance on a path of our own, folders can be written, tools and rights of the databases suffice, nobody hidden is connected',
    effect: `${settings.traffic.maintenanceFile}.trial and a file beside the freeze marker are made and removed`,
    expectedMs: 3_000,
  }),

  async prove({ world, signal }) {
    const obstacles = await obstaclesOfRun(world, signal);
    if (obstacles.length === 0) return { obstacles: 'none' };
    throw new StepFailed(
      'refused',
      `the rollback could not be finished: ${obstacles.map(obstacleInWords).join(' · ')}`,
      {
        remedy: 'mend it and resume the run; where the configuration must change, close the incident and begin anew',
      },
    );
  },
};
