import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollbackd } from '../../sandbox/demo/program.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { StatusView } from '../../src/doors/socket/client.ts';
import { writeChangedConfig } from './changed-config.ts';
import { type GuardedCafe, guard, hasEnded } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { versionServed } from './versions.ts';
import { nextWrittenStep } from './written-steps.ts';

const seenWithin = 60_000;
const runWithin = 240_000;

let sandbox: Sandbox;
let first: GuardedCafe;

beforeAll(async () => {
  sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
  first = await guard(sandbox, { name: 'first' });
});

afterAll(async () => {
  await first?.[Symbol.asyncDispose]();
  await sandbox?.[Symbol.asyncDispose]();
});

const folder = (name: string): string => join(sandbox.root, 'rollbackd', name);

/** Under which the first one holds the lease. */
const identityOfFirst = (): string => readFileSync(folder('state-first/identity'), 'utf8').trim();

/** What a second daemon says instead of running. */
async function startSecond(name: string, state: { folder: string; lockFolder: string }) {
  const settings = { mode: 'approve', webhookUrl: 'http://127.0.0.1:9/', httpPort: 0 } as const;
  const file = await writeChangedConfig(sandbox, name, settings, {
    'doors.socket.path': folder(`${name}.sock`),
    'state.folder': state.folder,
    'state.lockFolder': state.lockFolder,
  });
  return rollbackd('run', '--config', file);
}

describe('a second daemon for the same target', () => {
  it('with a journal of its own is refused on the same host, and told who holds it', async () => {
    const { code, output } = await startSecond('own-journal', { folder: folder('other'), lockFolder: folder('lock') });
    expect(code).toBe(1);
    expect(output).toContain(`process ${first.daemon.pid}`);
  });

  it('with the same journal is refused too, whatever its lock folder', async () => {
    const { code, output } = await startSecond('same-journal', {
      folder: folder('state-first'),
      lockFolder: folder('other-lock'),
    });
    expect(code).toBe(1);
    expect(output).toContain(first.journal);
    expect((await first.status())?.journal.writable).toBe(true);
  });

  it("on another host may look, but the lease refuses it a run while the first one's is interrupted", async () => {
    void first.rollbackd('rollback', '--reason', 'to be killed');
    await nextWrittenStep(first.journal, new Set(), seenWithin);
    await first.kill();
    const changes = { 'state.lockFolder': folder('lock-of-another-host') };
    await using other = await guard(sandbox, { name: 'other-host', changes });
    const { code, output } = await other.rollbackd('rollback', '--reason', 'on another host');
    expect(code).toBe(1);
    expect(output).toContain('another daemon may act on cafe: ');
    expect(output).toContain(identityOfFirst());
    expect((await other.status())?.run).toBeUndefined();
    expect(await versionServed(sandbox)).toBe('unified');
  });
});

/** Somebody who wants the very port that the application has just left. */
async function startStranger(port: number): Promise<ChildProcess> {
  const code = `require('http').createServer((_, r) => r.end('a stranger')).listen(${port}, '127.0.0.1')`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  await poll('the stranger listens', () => says(port), seenWithin);
  return child;
}

const says = (port: number): Promise<string | undefined> =>
  axios.get<string>(`http://127.0.0.1:${port}/`, { timeout: 2_000 }).then(
    ({ data }) => data,
    () => undefined,
  );

/** A daemon with a journal and a lock folder of its own is in the situation of one on another host. */
async function refusedElsewhere(name: string, why: string): Promise<void> {
  const said = new RegExp(`${identityOfFirst()}.*${why}`, 's');
  await using other = await guard(sandbox, { name, changes: { 'state.lockFolder': folder(`lock-${name}`) } });
  const refused = async () => (await other.rollbackd('rollback', '--reason', 'on another host')).output;
  await expect.poll(refused, { timeout: seenWithin, interval: 1_000 }).toMatch(said);
  expect((await other.status())?.run).toBeUndefined();
}

const isFenced = ({ run }: StatusView): boolean =>
  run?.steps.some(({ id, status }) => id === 'snapshot-unified' && status !== 'waiting') ?? false;

describe('a stranger on the port of the application', () => {
  it('stops the run, is never ended, and once it has left `resume` finishes the run', async () => {
    await first.start();
    await first.until('the application is stopped', isFenced, runWithin);
    const stranger = await startStranger(sandbox.appPort);
    try {
      const { run } = await first.until('the run ends', hasEnded, runWithin);
      expect(run?.status).toBe('failed');
      const failed = run?.steps.find(({ status }) => status === 'failed');
      expect(failed).toMatchObject({ id: 'start-application', failure: { reason: 'stranger-on-port' } });
      expect(failed?.failure?.message).toContain(String(stranger.pid));
      expect(await versionServed(sandbox)).toBe('503');
      expect(await says(sandbox.appPort)).toBe('a stranger');
      await refusedElsewhere('other-host-failed', ' that has not ended well.*--take-over');
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
    const resumed = await first.rollbackd('resume', '--wait');
    expect(resumed.code, resumed.output).toBe(0);
    await refusedElsewhere('other-host-done', ' has rolled cafe back');
    expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
  });
});
