import { readFile } from 'node:fs/promises';
import { RollbackdError } from '../../core/errors.ts';

/** The number of a Unix group, by name or written as a number. Errors: RollbackdError `group-unknown`. */
export async function groupId(group: string, groupFile = '/etc/group'): Promise<number> {
  if (/^\d+$/.test(group)) return Number(group);
  const lines = (await readFile(groupFile, 'utf8')).split('\n').map((line) => line.split(':'));
  const id = lines.find(([name]) => name === group)?.[2];
  if (id !== undefined) return Number(id);
  throw new RollbackdError('group-unknown', `there is no group ${group} in ${groupFile}`, {
    remedy: 'create it, or correct doors.socket.group (a number will do where groups come from elsewhere)',
  });
}
