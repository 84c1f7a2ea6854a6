import type { Logger } from 'pino';
import { leftPasswords } from '../adapters/mongo/password-file.ts';
import { explain } from '../core/errors.ts';
import { alarm } from './alarm.ts';
import { passes, type Recovering, type TakeUpDependencies, takeUp } from './take-up.ts';

export interface RecoverDependencies extends TakeUpDependencies {
  readonly log: Pick<Logger, 'error'>;
  /** Where programs find the passwords that are lent to them. */
  readonly passwordFolder: string;
}

/** What an earlier process left: its programs, the passwords that were lent to them, and its run. Waits for nothing that may come later. */
export async function recover(runs: Recovering, dependencies: RecoverDependencies): Promise<void> {
  const { memory, log, passwordFolder } = dependencies;
  const onLeft = (error: unknown) =>
    log.error({ reason: explain(error) }, 'passwords of an earlier process may be left');
  const removeLeft = await leftPasswords(passwordFolder).catch(onLeft);
  await runs.recover().catch((error: unknown) => {
    if (passes(error)) void takeUp(runs, dependencies, error);
    else alarm(memory, 'an interrupted run could not be taken up', explain(error));
  });
  await removeLeft?.().catch(onLeft);
}
