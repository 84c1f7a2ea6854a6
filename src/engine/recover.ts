import type { Logger } from 'pino';
import { leftPasswords } from '../adapters/mongo/password-file.ts';
import { explain } from '../core/errors.ts';
import { isRefusal } from '../journal/journal.ts';
import { alarm } from './alarm.ts';
import type { Memory } from './memory.ts';
import type { Runs } from './runs.ts';

export interface RecoverDependencies {
  readonly memory: Memory;
  readonly log: Pick<Logger, 'error'>;
  /** Where programs find the passwords that are lent to them. */
  readonly passwordFolder: string;
}

/** What an earlier process left: its programs, the passwords that were lent to them, and its run. */
export async function recover(
  runs: Pick<Runs, 'recover' | 'recoverLater'>,
  { memory, log, passwordFolder }: RecoverDependencies,
): Promise<void> {
  const onLeft = (error: unknown) =>
    log.error({ reason: explain(error) }, 'passwords of an earlier process may be left');
  const removeLeft = await leftPasswords(passwordFolder).catch(onLeft);
  await runs.recover().catch((error: unknown) => {
    if (isRefusal(error)) void runs.recoverLater();
    else alarm(memory, 'an interrupted run could not be taken up', explain(error));
  });
  await removeLeft?.().catch(onLeft);
}
