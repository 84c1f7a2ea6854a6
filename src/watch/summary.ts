import { formatDuration } from '../core/duration.ts';
import type { RunState, WatchState } from '../incident/daemon-state.ts';
import type { EventOf } from '../model/event.ts';

/** What the watch has seen, in the figures that the runbook asks to keep of every rollback. */
export function summarise(
  watch: WatchState,
  run: RunState | undefined,
  now: number,
): EventOf<'watch.closed'>['summary'] {
  return {
    watched: formatDuration(now - watch.startedAt),
    findings: watch.findings.length,
    ...(watch.findings.length > 0 && { last: watch.findings.at(-1) ?? '' }),
    ...(run?.endedAt !== undefined && {
      rollback: formatDuration(run.endedAt - run.startedAt),
      downtime: downtime(run),
    }),
  };
}

/** From the stop of the application to its users being let in again. */
export function downtime(run: RunState): string {
  const stopped = run.steps.get('stop-application')?.[0]?.at;
  const back = run.steps.get('enable-traffic')?.findLast(({ status }) => status === 'succeeded');
  return stopped === undefined || back?.status !== 'succeeded' ? 'unknown' : formatDuration(back.endedAt - stopped);
}
