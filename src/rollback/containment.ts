import type { Assessment } from '../actions/contract.ts';
import type { World } from '../actions/world.ts';
import type { Plan } from '../model/plan.ts';
import { buildPlan } from './plan.ts';

/** A containment waits for nothing: it needs no backup, no code and no database, so it assesses none of them. */
const nothingAssessed = (world: World): Assessment => ({
  manifest: { path: '', root: '', gzip: false, takenAt: 0, databases: [], hash: 'none' },
  legacyCommit: world.settings.code.legacyRef,
  unifiedBytes: 0,
  legacyStates: [],
});

export const buildContainment = (world: World, configHash: string): Plan =>
  buildPlan(world, nothingAssessed(world), 'containment', configHash);
