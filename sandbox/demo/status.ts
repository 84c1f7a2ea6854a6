import axios from 'axios';
import { z } from 'zod';
import { poll } from './poll.ts';
import { rollbackd } from './program.ts';

const step = z.looseObject({
  id: z.string(),
  phase: z.string(),
  status: z.string(),
  tookMs: z.number().optional(),
  startedAt: z.number().optional(),
});

/** As much of `rollbackd status --json` as the demo looks at. */
const status = z.looseObject({
  mode: z.string(),
  verdicts: z.array(
    z.looseObject({
      criterion: z.string(),
      verdict: z.string(),
      reason: z.string(),
      tenants: z.array(z.string()),
      exemptBecause: z.string().optional(),
    }),
  ),
  decision: z
    .looseObject({
      action: z.string(),
      tier: z.string().optional(),
      criterion: z.string().optional(),
      reasonsFor: z.array(z.string()),
      reasonsAgainst: z.array(z.string()),
    })
    .optional(),
  incident: z
    .looseObject({
      id: z.string(),
      status: z.string(),
      openedAt: z.number(),
      revision: z.number().optional(),
      waitsFor: z.string(),
      containment: z.looseObject({ state: z.string(), at: z.number().optional() }),
    })
    .optional(),
  run: z
    .looseObject({
      run: z.string(),
      kind: z.string(),
      status: z.string(),
      authority: z.looseObject({ by: z.string() }),
      startedAt: z.number(),
      endedAt: z.number().optional(),
      reason: z.string().optional(),
      steps: z.array(step),
    })
    .optional(),
  watch: z.looseObject({ until: z.number() }).optional(),
});
export type Status = z.infer<typeof status>;

/** As a person reads it; undefined while the daemon does not answer. */
export async function readStatus(socket: string): Promise<Status | undefined> {
  const { code, output } = await rollbackd('status', '--json', '--socket', socket);
  return code === 0 ? status.parse(JSON.parse(output)) : undefined;
}

/** The same past the command line: whoever looks many times starts no process for each, which the daemon beside it would feel. */
export async function glanceAtStatus(socketPath: string): Promise<Status | undefined> {
  const asked = axios.get<unknown>('http://rollbackd/status', { socketPath, proxy: false, timeout: glanceWithin });
  const answer = await asked.catch(() => undefined);
  return answer && status.parse(answer.data);
}

const glanceWithin = 10_000;
const pollEvery = 250;

/** Waits until the status is as wanted. Errors: with the last status in words, when the time is up. */
export async function untilStatus(
  socket: string,
  wanted: string,
  isThere: (seen: Status) => boolean,
  withinMs: number,
): Promise<Status> {
  let last: Status | undefined;
  const there = async () => {
    const seen = await glanceAtStatus(socket);
    last = seen ?? last;
    return seen && isThere(seen) ? seen : undefined;
  };
  const found = await poll(there, { everyMs: pollEvery, withinMs });
  if (!found) throw new Error(`${wanted}: not within ${withinMs / 1_000} s; ${inWords(last)}`);
  return found;
}

function inWords(seen: Status | undefined): string {
  if (!seen) return 'the daemon does not answer';
  const { mode, verdicts, incident, run, decision } = seen;
  const failed = run?.steps.filter((each) => each.status === 'failed').map(({ id }) => id);
  return JSON.stringify({
    mode,
    verdicts,
    decision,
    incident,
    run: run && { status: run.status, reason: run.reason, failed },
  });
}
