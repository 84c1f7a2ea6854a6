import { writeFile } from 'node:fs/promises';
import { pathExists } from '../../core/path-exists.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { currentState, proveEqualToBackup, restoreFromBackup, restoreTime } from '../restore/legacy-database.ts';

/** An absent legacy database is brought in while the application still serves: no downtime for it. */
export const bringInDatabase: Action = {
  describe: ({ tools }, assessment, database) => ({
    title: `Bring in ${database}, which is absent`,
    commands: tools.describeRestore(assessment.manifest.root, database),
    evidence: 'counts, indexes and digests equal to the backup',
    effect: `creates ${database}; nothing that exists is changed`,
    expectedMs: restoreTime(assessment, database),
  }),

  async perform(context) {
    const { state, differences } = await currentState(context);
    if (state === 'different' && !(await isOurs(context))) {
      throw new StepFailed(
        'person-needed',
        `${context.subject} appeared meanwhile and differs: ${differences.join('; ')}`,
        {
          remedy: 'find out who created it; make a new plan with `rollbackd rollback`',
        },
      );
    }
    await claim(context);
    await restoreFromBackup(context);
  },

  prove: proveEqualToBackup,
};

const claimOf = ({ evidenceFolder, subject }: StepContext): string => `${evidenceFolder}/brought-in-${subject}`;

/**
 * Written while the database is absent: what is found there later is most likely what this run had half restored. Somebody
 * may also have restored it by hand since, and let users in, so that it is kept before it is dropped (`keepBeforeDrop`).
 */
const claim = (context: StepContext): Promise<void> => writeFile(claimOf(context), '', { mode: 0o600 });

const isOurs = (context: StepContext): Promise<boolean> => pathExists(claimOf(context));
