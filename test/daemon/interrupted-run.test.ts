import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configMark } from '../../src/config/fingerprint.ts';
import { loadConfig } from '../../src/config/load.ts';
import { startDaemon } from '../../src/daemon.ts';
import { connectTo } from '../../src/doors/socket/client.ts';
import type { ConfigMark } from '../../src/model/config-mark.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { PlannedStep } from '../../src/model/plan.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';
import { eventsOf, kindsIn, prepareJournal } from './journal-of.ts';

const step: PlannedStep = {
  id: 'stop-application',
  action: 'stop-application',
  phase: 'stop',
  title: 'Stop the application',
  commands: [],
  evidence: 'no process',
  effect: 'the application is down',
  expectedMs: 1_000,
};

/** What a daemon wrote that died in the middle of its first step. */
const diedInMidRun = (configHash: string, config?: ConfigMark): EventBody[] => [
  { kind: 'daemon.started', version: '0.0.0', configHash, pid: 1 },
  {
    kind: 'run.started',
    run: 'run-1',
    plan: {
      kind: 'rollback',
      target: 'dead-cafe',
      legacyCommit: 'abc',
      manifestHash: 'manifest',
      configHash,
      steps: [step],
      hash: 'plan-1',
    },
    ...(config && { config }),
    authority: { by: 'person', person: 'ana', role: 'senior-engineer', reason: 'the menus are mixed up' },
  },
  { kind: 'step.started', run: 'run-1', step: step.id, attempt: 1 },
];

const untouched = ['run.started', 'step.started'];

async function interruptedTarget(): Promise<DeadTarget> {
  const target = await deadTarget({ 'log.level': 'error' });
  prepareJournal(target.journal, ...diedInMidRun(target.configHash()));
  return target;
}

test('a run that was interrupted under another configuration is left alone: people are told, and whoever resumes it too', async () => {
  using target = await interruptedTarget();
  target.configure({ 'log.level': 'error', 'rollback.settle': '7s' });
  await using daemon = await startDaemon({ configFile: target.configFile, environment: {} });
  const client = connectTo(target.socket, new AbortController().signal);
  expect((await client.status()).run).toMatchObject({ run: 'run-1', status: 'interrupted' });
  await expect(client.command('resume', {})).rejects.toMatchObject({
    reason: 'config-changed',
    message: expect.stringContaining('run-1 was started with another configuration'),
    remedy: expect.stringContaining('put back what it was started with'),
  });
  await daemon[Symbol.asyncDispose]();
  const kinds = kindsIn(target.journal);
  expect(kinds.slice(3, 5)).toEqual(['daemon.started', 'message.queued']);
  expect(kinds.filter((kind) => /^(run|step|child)\./.test(kind))).toEqual(untouched);
  expect(eventsOf(target.journal, 'message.queued')).toEqual([
    expect.objectContaining({
      urgency: 'alarmed',
      subject: expect.stringContaining('could not be taken up'),
      text: expect.stringContaining('another configuration'),
    }),
  ]);
  expect(existsSync(join(target.folder, 'DEPLOY_FREEZE'))).toBe(false);
});

test('a run is taken on by a person under longer time-outs, as far as the target goes, but under no other server', async () => {
  using target = await deadTarget({ 'log.level': 'error' });
  const loaded = loadConfig(target.configFile, {});
  if (loaded.status === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  prepareJournal(target.journal, ...diedInMidRun(loaded.hash, configMark(loaded.config)));
  target.configure({ 'log.level': 'error', 'rollback.settle': '7s', 'mongo.legacy.host': 'localhost' });
  await using daemon = await startDaemon({ configFile: target.configFile, environment: {} });
  const client = connectTo(target.socket, new AbortController().signal);
  await expect(client.command('resume', {})).rejects.toMatchObject({
    message: expect.stringContaining('another configuration: mongo.legacy.host changed'),
  });
  target.configure({ 'log.level': 'error', 'rollback.settle': '7s' });
  await daemon.reload();
  await expect(client.command('resume', {})).rejects.toMatchObject({ reason: 'unreachable' });
  await daemon[Symbol.asyncDispose]();
  expect(eventsOf(target.journal, 'message.queued').at(-1)?.text).toContain('`rollbackd resume` takes it on');
});

test('a run whose target cannot be reserved is left interrupted: people are told what to see to', async () => {
  using target = await interruptedTarget();
  await using daemon = await startDaemon({ configFile: target.configFile, environment: {} });
  const client = connectTo(target.socket, new AbortController().signal);
  expect((await client.status()).run).toMatchObject({ run: 'run-1', status: 'interrupted' });
  await daemon[Symbol.asyncDispose]();
  expect(kindsIn(target.journal).filter((kind) => /^(run|step|child)\./.test(kind))).toEqual(untouched);
  expect(eventsOf(target.journal, 'message.queued')[0]).toMatchObject({
    urgency: 'alarmed',
    text: expect.stringContaining('check that mongod runs and answers'),
  });
});

test('passwords that a killed daemon left on the disk are gone after the next start', async () => {
  using target = await interruptedTarget();
  const passwords = join(target.stateFolder, 'passwords');
  mkdirSync(join(passwords, 'tool-abc'), { recursive: true });
  writeFileSync(join(passwords, 'tool-abc', 'login.yaml'), 'password: "plain-heron-2"');
  await using _daemon = await startDaemon({ configFile: target.configFile, environment: {} });
  expect(readdirSync(passwords)).toEqual([]);
});
