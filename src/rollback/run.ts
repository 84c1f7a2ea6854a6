import { actions } from '../actions/catalogue.ts';
import { folderOf, type StepContext, StepFailed } from '../actions/contract.ts';
import { usersGet } from '../actions/users-get.ts';
import type { World, WorldFor } from '../actions/world.ts';
import type { Clock } from '../core/clock.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import { redact } from '../core/redaction.ts';
import { isRefusal, type Journal } from '../journal/journal.ts';
import type { BackupManifest } from '../model/backup.ts';
import type { Evidence } from '../model/event.ts';
import { isCheckedAfterwards, type Plan, type PlannedStep } from '../model/plan.ts';
import { canBePutBack, isTouched, nextStep, type StepHistory, standingSteps } from './next.ts';
import { stepLines } from './step-lines.ts';

export interface RunRequest {
  readonly run: string;
  readonly plan: Plan;
  /** Whose people follow along, step by step. */
  readonly incident?: string | undefined;
  /** What the journal says became of each step, read anew at every call. */
  readonly history: () => ReadonlyMap<string, StepHistory>;
}

export interface RunDependencies {
  readonly journal: Pick<Journal, 'append'>;
  readonly worldFor: WorldFor;
  readonly clock: Clock;
  /** Asked right before the first step that stops the application: why it must not be stopped after all. */
  readonly calledOff: (run: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Lets the application serve again that the run has stopped. */
  readonly putBack: (run: string, signal: AbortSignal) => Promise<PutBack>;
  /** Asked before each step; what it throws when another daemon has the target ends the run. */
  readonly fence?: () => Promise<void>;
}

export interface PutBack {
  readonly done: boolean;
  /** Why it must not, or could not; or what is left to do. */
  readonly said?: string;
}

/**
 * Takes a run from wherever its journal says it is to its end, and journals `run.finished`.
 * On abort it leaves the step as started, for a later resume, and rejects with the signal's reason.
 */
export async function executeRun(
  request: RunRequest,
  dependencies: RunDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { plan, run } = request;
  const attempting = { request, dependencies, manifest: scannedOnce(request, dependencies, signal), signal };
  const failures = plan.kind === 'containment' ? await attemptEach(attempting) : await attemptInOrder(attempting);
  if (failures.length === 0) {
    const found = plan.steps.filter(({ id }) => request.history().get(id)?.status === 'failed').map(({ id }) => id);
    const reason =
      found.length === 0
        ? `all ${plan.steps.length} steps are proven`
        : `users are in, and what was looked at afterwards is not as it should be: ${found.join(', ')}`;
    dependencies.journal.append({ kind: 'run.finished', run, outcome: 'succeeded', reason });
    return;
  }
  const undone = await putBack(attempting);
  const seen = await seenByUsers(attempting);
  const reason = [...failures, ...undone].join('; ');
  dependencies.journal.append({ kind: 'run.finished', run, outcome: 'failed', reason, ...seen });
}

/** What was stopped, and changed in nothing for good, serves again. Says why where it does not. */
async function putBack({ request, dependencies, signal }: Attempting): Promise<string[]> {
  const { run, plan, history } = request;
  if (!canBePutBack(plan, history())) return [];
  const { done, said } = await dependencies.putBack(run, signal);
  if (done) dependencies.journal.append({ kind: 'run.put-back', run });
  return said === undefined ? [] : [said];
}

async function seenByUsers({ request, dependencies, signal }: Attempting): Promise<{ usersGet?: string }> {
  const world = worldOf({ request, dependencies }, 'end');
  const seen = await usersGet(world, signal).catch(() => undefined);
  signal.throwIfAborted();
  return seen === undefined ? {} : { usersGet: seen };
}

/** A rollback stops at its first failing step. */
async function attemptInOrder(attempting: Attempting): Promise<string[]> {
  const { plan, history } = attempting.request;
  for (const step of standingSteps(plan, history())) {
    const failure = await attemptStep(attempting, step, nextAttempt(history(), step));
    if (failure) return [failure];
  }
  for (;;) {
    const next = nextStep(plan, history());
    if (next.kind === 'finished') return [];
    const off = await reasonToStayOff(attempting, next.step);
    if (off !== undefined) return [`called off before anything was stopped: ${off}`];
    const failure = await attemptStep(attempting, next.step, next.attempt);
    if (failure && !isCheckedAfterwards(plan, next.step.id)) return [failure];
  }
}

async function reasonToStayOff({ request, dependencies, signal }: Attempting, { phase }: PlannedStep) {
  const { run, plan, history } = request;
  if (phase === 'prepare' || isTouched(plan, history())) return undefined;
  return dependencies.calledOff(run, signal);
}

/** A containment tries everything: whichever step fails, the others still end what they can of the leak. */
async function attemptEach(attempting: Attempting): Promise<string[]> {
  const { plan, history } = attempting.request;
  const failures: string[] = [];
  for (const step of plan.steps) {
    const failure = await attemptStep(attempting, step, nextAttempt(history(), step));
    if (failure) failures.push(failure);
  }
  return failures;
}

const nextAttempt = (history: ReadonlyMap<string, StepHistory>, { id }: PlannedStep): number =>
  (history.get(id)?.attempts ?? 0) + 1;

interface Attempting {
  readonly request: RunRequest;
  readonly dependencies: RunDependencies;
  readonly manifest: () => Promise<BackupManifest>;
  readonly signal: AbortSignal;
}

/** Undefined when the step is proven; else why it failed, which is journalled. */
async function attemptStep(attempting: Attempting, step: PlannedStep, attempt: number): Promise<string | undefined> {
  const { request, dependencies, signal } = attempting;
  const { journal, clock } = dependencies;
  const { run } = request;
  await dependencies.fence?.();
  signal.throwIfAborted();
  journal.append({ kind: 'step.started', run, step: step.id, attempt });
  const started = clock.monotonic();
  const head = () => ({ run, step: step.id, attempt, tookMs: Math.round(clock.monotonic() - started) });
  try {
    const evidence = await reach(step, contextOf(attempting, step));
    const succeeded = { kind: 'step.succeeded', ...head(), evidence } as const;
    journal.append(succeeded, ...stepLines(request, succeeded));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    // Not the step has failed, but the memory of it: it may have gone on to its end.
    if (isRefusal(error)) throw error;
    const reason = error instanceof RollbackdError ? error.reason : 'unexpected';
    const message = redact(error instanceof Error ? error.message : String(error));
    const remedy = error instanceof RollbackdError ? error.remedy : undefined;
    const failed = { kind: 'step.failed', ...head(), reason, message, ...(remedy && { remedy }) } as const;
    journal.append(failed, ...stepLines(request, failed));
    return `${step.id}: ${redact(explain(error))}`;
  }
}

/** Proven already? Then nothing is done. Else done, and proven. */
async function reach(step: PlannedStep, context: StepContext): Promise<Evidence> {
  const action = actions[step.action];
  if (!action.perform) return action.prove(context);
  const already = await action.prove({ ...context, patient: false }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if (error instanceof StepFailed) return undefined;
    throw error;
  });
  if (already) return { ...already, already: true };
  await action.perform(context);
  return action.prove(context);
}

function worldOf({ request, dependencies }: Pick<Attempting, 'request' | 'dependencies'>, step: string): World {
  const { run, plan } = request;
  const { kind, legacyCommit } = plan;
  return dependencies.worldFor({ run, step, ...(kind === 'rollback' && { legacyCommit }) });
}

function contextOf({ request, dependencies, manifest, signal }: Attempting, step: PlannedStep): StepContext {
  const { run, plan } = request;
  const { kind, legacyCommit } = plan;
  const world = worldOf({ request, dependencies }, step.id);
  return {
    run,
    kind,
    subject: step.subject ?? '',
    world,
    manifest,
    legacyCommit,
    subjectsOf: (action) =>
      plan.steps.flatMap((each) => (each.action === action && each.subject ? [each.subject] : [])),
    patient: true,
    evidenceFolder: folderOf(world.settings, run),
    signal,
  };
}

/** The backup is read once a process, and must still be the one that was planned with. */
function scannedOnce(
  request: RunRequest,
  dependencies: RunDependencies,
  signal: AbortSignal,
): () => Promise<BackupManifest> {
  const scan = async () => {
    const manifest = await worldOf({ request, dependencies }, 'check-backup').scanBackup(signal);
    if (manifest.hash === request.plan.manifestHash) return manifest;
    throw new StepFailed('backup-changed', `the backup at ${manifest.path} is not the one that was planned with`, {
      remedy: 'find out who changed it; make a new plan with `rollbackd rollback`',
    });
  };
  let scanned: Promise<BackupManifest> | undefined;
  return () => {
    scanned ??= scan();
    return scanned;
  };
}
