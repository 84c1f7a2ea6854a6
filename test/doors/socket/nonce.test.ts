import { chmod, chown, link, lstat, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createNonceOffice } from '../../../src/doors/socket/nonce.ts';
import { prepareNonceFolder } from '../../../src/doors/socket/nonce-folder.ts';
import { type Order, proofText } from '../../../src/doors/socket/wire.ts';
import { eventually } from '../../exec/eventually.ts';

const isRoot = process.geteuid?.() === 0;
const myUid = process.geteuid?.() ?? 0;
const clockLagMs = 20;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollbackd-nonce-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const order: Order = { name: 'approve', args: { incident: 'inc-1' } };
/** The nonce is the name of the file. */
const create = (file: string, text = proofText(basename(file), order)) =>
  writeFile(file, text, { flag: 'wx', mode: 0o600 });

/** A clock that a test can move on. */
function movableClock() {
  let moved = 0;
  const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved };
  const move = (ms: number) => {
    moved += ms;
  };
  return { clock, move };
}

describe('a proof', () => {
  it('gives the owner of the file, and leaves nothing behind', async () => {
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await create(file);
    expect(await office.redeem(nonce, order)).toBe(myUid);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(isRoot)('gives whoever owns the file, not who asks', async () => {
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await create(file);
    await chown(file, 12_345, 12_345);
    expect(await office.redeem(nonce, order)).toBe(12_345);
  });

  it('counts once', async () => {
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await create(file);
    await office.redeem(nonce, order);
    await create(file);
    await expect(office.redeem(nonce, order)).rejects.toMatchObject({ reason: 'unproven' });
  });

  it('can be given while somebody else asks without end: their own oldest questions make room', async () => {
    const office = createNonceOffice(folder, systemClock);
    const greedy = await office.challenge();
    await create(greedy.file);
    for (let asked = 0; asked < 2_000; asked++) await office.challenge();
    const { nonce, file } = await office.challenge();
    await create(file);
    for (let asked = 0; asked < 200; asked++) await office.challenge();
    expect(await office.redeem(nonce, order)).toBe(myUid);
    await expect(office.redeem(greedy.nonce, order)).rejects.toMatchObject({ reason: 'unproven' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is void where nobody asked for it', async () => {
    const office = createNonceOffice(folder, systemClock);
    await create(join(folder, 'self-made'));
    await expect(office.redeem('self-made', order)).rejects.toMatchObject({ reason: 'unproven' });
    await expect(office.redeem('../self-made', order)).rejects.toMatchObject({ reason: 'unproven' });
  });

  it('is void after ten seconds, and its file is swept away', async () => {
    const { clock, move } = movableClock();
    const office = createNonceOffice(folder, clock);
    const { nonce, file } = await office.challenge();
    await create(file);
    move(10_001);
    await office.challenge();
    await expect(office.redeem(nonce, order)).rejects.toMatchObject({ reason: 'unproven' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is void where the file is missing', async () => {
    const office = createNonceOffice(folder, systemClock);
    const { nonce } = await office.challenge();
    await expect(office.redeem(nonce, order)).rejects.toThrow('the file was not created');
  });

  it.each([
    ['another name of a file of somebody else', (victim: string, file: string) => link(victim, file), 'another name'],
    ['a symbolic link', (victim: string, file: string) => symlink(victim, file), 'not a regular file'],
    ['a folder', (_victim: string, file: string) => mkdir(file), 'not a regular file'],
  ])('is void where it is %s', async (_what, forge, message) => {
    const victim = join(folder, 'victim');
    await create(victim);
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await forge(victim, file);
    await expect(office.redeem(nonce, order)).rejects.toThrow(message);
  });

  it('is void where a fresh file of somebody else was moved in, whatever it says', async () => {
    const office = createNonceOffice(folder, systemClock);
    for (const text of ['', 'a report', proofText('another-nonce', order), `${proofText('x', order)} and more`]) {
      const { nonce, file } = await office.challenge();
      const foreign = join(folder, 'foreign');
      await create(foreign, text);
      await rename(foreign, file);
      await expect(office.redeem(nonce, order)).rejects.toThrow('does not say what was ordered');
    }
  });

  it.each([0o660, 0o664, 0o606])('is void where others could have written it (mode %o)', async (mode) => {
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await create(file);
    await chmod(file, mode);
    await expect(office.redeem(nonce, order)).rejects.toThrow('others than its owner can write');
  });

  it('is void for another command, and for other arguments', async () => {
    const office = createNonceOffice(folder, systemClock);
    for (const other of [
      { ...order, name: 'reject' },
      { ...order, args: { incident: 'inc-2' } },
    ]) {
      const { nonce, file } = await office.challenge();
      await create(file);
      await expect(office.redeem(nonce, other)).rejects.toThrow('does not say what was ordered');
    }
  });

  it('is void where the file is older than the question, however young its other times', async () => {
    const old = join(folder, 'old');
    await create(old);
    const { birthtimeMs } = await lstat(old);
    await eventually('the clock has moved on', () => Date.now() - birthtimeMs > 2 * clockLagMs);
    const office = createNonceOffice(folder, systemClock);
    const { nonce, file } = await office.challenge();
    await rename(old, file);
    await writeFile(file, 'touched');
    await expect(office.redeem(nonce, order)).rejects.toThrow('older than the question');
  });
});

describe('the folder', () => {
  const permissions = async (path: string) => (await lstat(path)).mode & 0o7777;

  it('is made where anybody can put a file in and nobody can see or take those of others', async () => {
    const made = join(folder, 'run', 'nonces');
    expect(await prepareNonceFolder(made)).toEqual([]);
    expect(await permissions(made)).toBe(0o1733);
    expect(await readdir(made)).toEqual([]);
  });

  it('gets the right mode again where it is our own', async () => {
    await chmod(folder, 0o777);
    await prepareNonceFolder(folder);
    expect(await permissions(folder)).toBe(0o1733);
  });

  it('is refused where it is no folder', async () => {
    const elsewhere = join(folder, 'link');
    await symlink(folder, elsewhere);
    await expect(prepareNonceFolder(elsewhere)).rejects.toMatchObject({ reason: 'nonce-folder' });
  });

  it.runIf(isRoot)('is warned about where a third person owns it, and refused without the sticky bit', async () => {
    await chmod(folder, 0o1733);
    await chown(folder, 12_345, 12_345);
    expect(await prepareNonceFolder(folder)).toEqual([expect.stringContaining('belongs to uid 12345')]);
    await chmod(folder, 0o733);
    await expect(prepareNonceFolder(folder)).rejects.toThrow('not sticky');
  });
});
