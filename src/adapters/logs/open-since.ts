import type { LogPosition } from './contract.ts';
import { OpenLogs } from './open-logs.ts';

/** A rotation between listing and opening hides a file for a moment: look again before believing that it is gone. */
export async function openSince(pattern: string, mark: readonly LogPosition[]): Promise<OpenLogs> {
  const files = mark.map(({ file }) => file);
  for (let attempt = 1; ; attempt += 1) {
    const logs = await OpenLogs.open(pattern, files);
    if (attempt === 3 || mark.every(({ inode }) => logs.holds(inode))) return logs;
    await logs[Symbol.asyncDispose]();
  }
}
