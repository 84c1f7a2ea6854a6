import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, begun, decisionTo, finished, incidentOf, must, opened, tried, writtenAt } from './histories.ts';

const incident = 'incident-1';
const until = begin + 3_600_000;
const found = (run: string): EventBody => ({ kind: 'watch.found', run, finding: 'unavailable in breach' });
const closed = (run: string): EventBody => ({ kind: 'watch.closed', run, summary: {} });

/** A rollback that has succeeded, and what came after it. */
const rolledBack = (of: { incident?: string }, ...bodies: EventBody[]): DaemonState =>
  must(
    emptyState('approve'),
    ...(of.incident ? opened(of.incident, decisionTo('page')) : []),
    begun('rollback', of),
    ...tried('first', 'succeeded'),
    ...tried('enable-traffic', 'succeeded'),
    finished('succeeded'),
    ...bodies,
  );
const watched = (of: { incident?: string }): DaemonState =>
  rolledBack(of, { kind: 'watch.started', run: 'run-1', until });

describe('the watch after a rollback', () => {
  it('is part of its incident, from its beginning to its end', () => {
    const during = watched({ incident });
    expect(incidentOf(during)).toMatchObject({ status: 'watching', run: 'run-1', until, ended: false });
    const after = must(during, closed('run-1'));
    expect(after.watch).toBeUndefined();
    expect(incidentOf(after)).toMatchObject({ status: 'watching', run: 'run-1', until, ended: true });
  });

  it('writes what it finds into the story of its incident, and without an incident only into itself', () => {
    const inIncident = must(watched({ incident }), found('run-1'));
    expect(inIncident.watch?.findings).toEqual(['unavailable in breach']);
    expect(incidentOf(inIncident).timeline.at(-1)).toEqual({ at: begin, text: 'watch: unavailable in breach' });
    const alone = must(watched({}), found('run-1'));
    expect(alone.watch?.findings).toEqual(['unavailable in breach']);
    expect(alone.incidents.size).toBe(0);
  });

  it('takes no finding, and no end, of the watch of another run for its own', () => {
    const during = watched({ incident });
    const after = writtenAt(during, begin, found('run-0'), closed('run-0'));
    expect(after.watch).toEqual(during.watch);
    expect(incidentOf(after)).toEqual(incidentOf(during));
  });

  it('is over once and for all: what is said of it later changes nothing', () => {
    const over = rolledBack({ incident });
    const after = writtenAt(over, begin, found('run-1'), closed('run-1'));
    expect(after).toEqual({ ...over, lastSeq: after.lastSeq });
  });

  it('is remembered of a run that nobody knows, and makes no run of it', () => {
    const state = writtenAt(emptyState(), begin, { kind: 'watch.started', run: 'run-7', until });
    expect(state.watch).toEqual({ run: 'run-7', startedAt: begin, until, findings: [] });
    expect(state.runs.size).toBe(0);
  });
});
