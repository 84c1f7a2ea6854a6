import type { GuardResult } from '../../model/guard.ts';
import { formatInstant } from '../instant.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** The backup on the disk is the very one that was pinned when the daemon was armed, and it was taken before cut-over. */
export function judgeBackupPinned({ armed, backup, cutoverAt, now }: GuardFacts): GuardResult {
  if (!armed) return failed('backup-pinned', 'no backup is pinned: that happens when the daemon is armed');
  if (!backup.known) return failed('backup-pinned', `the backup could not be checked: ${backup.reason}`);
  const { hash, takenAt } = backup.value;
  if (hash !== armed.manifestHash) {
    return failed(
      'backup-pinned',
      `the backup has changed since it was pinned (${short(armed.manifestHash)}, now ${short(hash)})`,
    );
  }
  if (cutoverAt > now) {
    const reason = `cut-over (${formatInstant(cutoverAt)}) lies in the future: no backup can be proven older than it`;
    return failed('backup-pinned', reason);
  }
  if (takenAt >= cutoverAt) {
    return failed(
      'backup-pinned',
      `the backup is of ${formatInstant(takenAt)}, after cut-over (${formatInstant(cutoverAt)}): its newest file says so; a copy keeps the file times only with \`cp -p\` or \`rsync -a\``,
    );
  }
  return passed('backup-pinned', `the backup of ${formatInstant(takenAt)} is the pinned one (${short(hash)})`);
}

const short = (hash: string): string => hash.slice(0, 12);
