import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepContext } from '../../src/actions/contract.ts';
import type { World } from '../../src/actions/world.ts';
import type { Question, Reply } from '../../src/probes/ask.ts';
import { manualClock } from '../manual-clock.ts';
import { worldOf } from './plain-world.ts';
import { type SettingsChange, settingsIn } from './settings.ts';
import {
  answered,
  documentsOf,
  initially,
  legacyCommit,
  maintenance,
  type Target,
  type TargetState,
} from './target-state.ts';

/** A target of plain objects: a café that can be rolled back, and that a test can spoil anywhere. */
export function openTarget(changes: SettingsChange = {}): Target {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollbackd-target-')));
  mkdirSync(join(folder, 'checkout/backend'), { recursive: true });
  const settings = settingsIn(folder, changes);
  const state = initially(folder);
  const clock = manualClock();
  const done: string[] = [];
  const effects: Target['effects'] = {};
  const target: Target = {
    folder,
    settings,
    state,
    clock,
    done,
    effects,
    answer: (question) => wellAnswer(target, question),
    world: {} as World,
    context: (different) => contextOf(target, different),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  return Object.assign(target, { world: worldOf(target) });
}

function contextOf(target: Target, changes: Partial<StepContext> = {}): StepContext {
  const { settings, state, world } = target;
  const evidenceFolder = join(settings.rollback.evidenceFolder, 'run-1');
  mkdirSync(evidenceFolder, { recursive: true });
  return {
    run: 'run-1',
    kind: 'rollback',
    subject: '',
    world,
    manifest: async () => state.manifest,
    legacyCommit,
    subjectsOf: () => [],
    patient: true,
    evidenceFolder,
    signal: new AbortController().signal,
    ...changes,
  };
}

function wellAnswer({ state, settings }: Target, question: Question): Reply {
  const { baseUrl, path, headers = {} } = question;
  if (baseUrl === settings.target.publicUrl && state.maintenance) return maintenance(question);
  if (baseUrl === settings.target.publicUrl && path === '/.rollbackd/switch') return switchAnswer(state, question);
  if (!state.processes.some(({ status }) => status === 'online')) return { answered: false, why: 'refused', tookMs: 1 };
  if (path === '/api/menu') return answered(200, documentsOf(headers['x-tenant-slug'] ?? ''));
  if (path === '/api/tenants') return answered(200, []);
  return answered(404);
}

const switchAnswer = ({ trial }: TargetState, { headers = {} }: Question): Reply =>
  answered(trial ? 503 : 200, '', 5, { 'x-rollbackd-switch': `asked ${headers['x-rollbackd-ask'] ?? ''}` });
