import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';

const program = join(import.meta.dirname, 'reading-as-another.ts');
const line = (path: string) =>
  `${JSON.stringify({ time: 1_763_676_000, method: 'GET', path, status: 200, duration: 0.01 })}\n`;

/** Root may read everything: another user looks. Whoever is not root is that user. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const file = join(folder, 'access.log');
  writeFileSync(file, line('/old'));
  const somebody = process.geteuid?.() === 0 ? { uid: 12_345, gid: 12_345 } : {};
  const child = spawn(process.execPath, [program, file], { ...somebody, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const answers = createInterface(child.stdout);
  const look = async () => {
    child.stdin.write('look\n');
    return JSON.parse(String((await once(answers, 'line'))[0]));
  };
  return { file, look };
}

it('says that it may not read a log that was rotated away from it, and reads on once it may', async () => {
  const { file, look } = place();
  expect(await look()).toEqual({ seen: [] });
  appendFileSync(file, line('/before'));
  expect(await look()).toEqual({ seen: ['/before'] });
  renameSync(file, `${file}.1`);
  writeFileSync(file, line('/hidden'));
  chmodSync(file, 0);
  const forbidden = { fault: expect.stringMatching(/^log-unreadable: .*access\.log cannot be read: EACCES/) };
  expect(await look()).toEqual(forbidden);
  expect(await look(), 'not only once').toEqual(forbidden);
  chmodSync(file, 0o644);
  expect(await look(), 'nothing was lost meanwhile').toEqual({ seen: ['/hidden'] });
});

it('reads a log on though what rotation has made of it is not to be read', async () => {
  const { file, look } = place();
  await look();
  renameSync(file, `${file}.1`);
  chmodSync(`${file}.1`, 0);
  writeFileSync(file, line('/after'));
  expect(await look()).toEqual({ seen: ['/after'] });
  appendFileSync(file, line('/next'));
  expect(await look()).toEqual({ seen: ['/next'] });
});
