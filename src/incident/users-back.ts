import type { RunState, StepAttempt } from './daemon-state.ts';

/**
 * The application is in the hands of a run from its first step beyond the preparation on; before that it serves as it did, and
 * again once it was put back.
 */
export const stopBegan = ({ plan, steps, putBackAt = Number.NEGATIVE_INFINITY }: RunState): boolean =>
  plan.steps.some(({ phase, id }) => phase !== 'prepare' && (steps.get(id) ?? []).some(({ at }) => at > putBackAt));

/** It has stopped the application at some time, whether or not that was put back. */
export const touchedAnything = (run: RunState): boolean =>
  run.status === 'succeeded' || stopBegan({ ...run, putBackAt: undefined });

/** The step that lets users in again: with it the legacy databases become production. */
const lettingIn = 'enable-traffic';

const attemptsOf = ({ plan, steps }: RunState): readonly StepAttempt[] =>
  plan.kind === 'rollback' ? (steps.get(lettingIn) ?? []) : [];

/** When a rollback let users in again, whatever became of its later steps. */
export function usersBackAt(run: RunState): number | undefined {
  const done = attemptsOf(run).find((attempt) => attempt.status === 'succeeded');
  if (done?.status === 'succeeded') return done.endedAt;
  return run.plan.kind === 'rollback' && run.status === 'succeeded' ? run.endedAt : undefined;
}

/** From when on users may have been writing to the legacy databases: a step that failed may have done its work. */
export const usersMaybeBackAt = (run: RunState): number | undefined => attemptsOf(run)[0]?.at ?? usersBackAt(run);

/** It ended before all was checked, but users are in: this is no downtime any more, and it is watched. */
export const endedWithUsersBack = (run: RunState): boolean =>
  run.endedAt !== undefined && usersBackAt(run) !== undefined;

/** What people must know about a rollback that failed: whether its users are out, or perhaps not. */
export function trafficAfterFailure(run: RunState): string {
  return [whereItStands(run), ...(run.usersGet === undefined ? [] : [`users get ${run.usersGet} now`])].join('; ');
}

function whereItStands(run: RunState): string {
  if (!stopBegan(run)) {
    return run.putBackAt === undefined
      ? 'It had not touched the application'
      : 'What it had stopped was put back as it was before';
  }
  return usersMaybeBackAt(run) === undefined
    ? 'The application is stopped'
    : `${lettingIn} was begun and has not succeeded: traffic may be on`;
}

/** The step that stopped a run, in the words of its failure. */
export function stoppedAt({ steps, reason }: RunState): string {
  const failed = [...steps].findLast(([, attempts]) => attempts.at(-1)?.status === 'failed');
  const last = failed?.[1].at(-1);
  return failed && last?.status === 'failed' ? `${failed[0]} failed: ${last.failure.message}` : `it failed: ${reason}`;
}

/** What was not as it should be once users were in, step by step. */
export const foundAfterwards = ({ steps }: RunState): string[] =>
  [...steps].flatMap(([step, attempts]) => {
    const last = attempts.at(-1);
    return last?.status === 'failed' ? [`${step}: ${last.failure.message}`] : [];
  });
