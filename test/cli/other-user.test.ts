import { spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { PeopleConfig } from '../../src/doors/schema.ts';
import { asking, stage } from '../commands/fixture.ts';
import { openDoor } from '../doors/socket/open-door.ts';

const root = new URL('../../', import.meta.url).pathname;
const uid = 12_345;
const people: PeopleConfig = [{ name: 'bo', roles: ['on-call-lead'], uid }];

/** The real program, run by somebody else than the daemon's user. */
function asUser(user: number, group: number, ...args: string[]) {
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['bin/rollbackd.js', ...args], {
      uid: user,
      gid: group,
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        text += part;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}

it.runIf(process.geteuid?.() === 0)('knows a member of the group by the uid that the kernel vouches for', async () => {
  const { context, last } = stage({ past: asking() });
  await using open = await openDoor(context, people, 'daemon');
  await chmod(open.folder, 0o755);

  const stranger = await asUser(uid, uid, 'approve', 'inc-1', '--revision', '1', '--socket', open.path);
  expect(stranger).toEqual({ code: 1, text: expect.stringContaining(`you may not open ${open.path}`) });

  const other = await asUser(uid + 1, 1, 'approve', 'inc-1', '--revision', '1', '--socket', open.path);
  expect(other).toEqual({ code: 1, text: expect.stringContaining("uid 12346's answer does not count here") });

  const unread = await asUser(uid, 1, 'approve', '--socket', open.path);
  expect(unread).toEqual({ code: 1, text: expect.stringContaining('`rollbackd approve INCIDENT --revision N`') });

  const member = await asUser(uid, 1, 'approve', 'inc-1', '--revision', '1', '--socket', open.path);
  expect(member).toEqual({ code: 0, text: expect.stringContaining('inc-1 is approved') });
  expect(last()).toMatchObject({ kind: 'approval.answered', person: 'bo', role: 'on-call-lead' });
});
