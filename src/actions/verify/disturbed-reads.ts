import { namesakeHere } from '../../adapters/mongo/namesake.ts';
import { explain } from '../../core/errors.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import type { Reads } from './watch-reads.ts';

const shown = 5;

/** Somebody else reads so much that nothing can be told: who that may be, and what to do about it. */
export async function disturbed(context: StepContext, said: string, idle: readonly Reads[]): Promise<StepFailed> {
  const { mongo } = context.world.settings;
  const total = (count: (reads: Reads) => number) => idle.reduce((sum, reads) => sum + count(reads), 0);
  const read = [
    // Counted below, where it is a legacy database as well.
    ...(namesakeHere(mongo) ? [] : [{ name: mongo.unified.database, count: total(({ unified }) => unified) }]),
    ...mongo.legacyDatabases.map(({ name }) => ({ name, count: total(({ legacy }) => legacy(name)) })),
  ].filter(({ count }) => count > 0);
  const byOthers = read.map(({ name, count }) => `${name} ${count} times`).join(' and ');
  return new StepFailed(
    'wrong-database',
    `${said}; while nothing was asked, others read ${byOthers}. Clients of the server: ${await clients(context, idle)}`,
    {
      remedy:
        'stop the other readers (a monitor, a report, a backup, a shell) until the run has ended, then `rollbackd resume`; ' +
        'where there are none, see which environment the running application has',
    },
  );
}

/** Of the server whose database they read: the unified one may be another. */
async function clients({ world, signal }: StepContext, idle: readonly Reads[]): Promise<string> {
  try {
    const server = idle.some(({ unified }) => unified > 0) ? world.unified : world.legacy;
    const names = await server.clients(signal);
    const more = names.length > shown ? ` and ${names.length - shown} more` : '';
    return names.length === 0 ? 'none to be seen' : `${names.slice(0, shown).join(', ')}${more}`;
  } catch (error) {
    return `not to be seen (${explain(error)})`;
  }
}
