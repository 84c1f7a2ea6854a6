import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { needs, said } from './optional-tool.ts';

const file = join(import.meta.dirname, '../../deploy/tmpfiles.d/rollbackd.conf');
/** Only root can give a folder to somebody else. */
const owner = { uid: process.getuid?.() || 4321, gid: process.getgid?.() || 4322 };

test('systemd makes the folders of switch, socket and lock, for the owner of pm2', (context) => {
  needs(context, 'systemd-tmpfiles', 'systemd');
  const root = mkdtempSync(join(tmpdir(), 'rollbackd-tmpfiles-'));
  try {
    mkdirSync(join(root, 'etc'));
    writeFileSync(join(root, 'etc/passwd'), `superkafe:x:${owner.uid}:${owner.gid}::/:/bin/false\n`);
    writeFileSync(join(root, 'etc/group'), `superkafe:x:${owner.gid}:\n`);
    expect(said('systemd-tmpfiles', ['--create', `--root=${root}`, file])).toEqual({ code: 0, text: '' });
    for (const folder of ['var/lib/rollbackd-traffic', 'run/rollbackd', 'run/lock/rollbackd']) {
      const { uid, gid, mode } = statSync(join(root, folder));
      expect({ uid, gid, mode: mode & 0o7777 }, folder).toEqual({ ...owner, mode: 0o755 });
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
