import { describe, expect, it } from 'vitest';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';
import { dueReport, lastDue, wouldHaveDone } from '../../src/report/daily.ts';
import { control, health } from '../engine/judging.ts';
import { live, type World } from '../replay/live-engine.ts';
import { exampleConfig } from '../replay/written.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2026-01-10T03:00:00Z');

const outage: World = (since) => [
  control(0),
  ...(since % 10_000 === 0 ? [health(0, since < 5 * minute || since > 30 * minute)] : []),
];

const started = (at: number): JournalEvent => ({
  seq: 1,
  at,
  body: { kind: 'daemon.started', version: '0', configHash: 'c', pid: 1 },
  hash: '',
});
const queued = (at: number, body: EventBody): JournalEvent => ({ seq: 2, at, body, hash: '' });

describe('what would have been done in a day', () => {
  it('is one line an incident: what, when, and how long it lasted', async () => {
    const { events } = await live(exampleConfig(), 'observe', 50 * minute, outage);
    const { subject, text } = wouldHaveDone(events, start + 5 * hour);
    expect(subject).toBe('what rollbackd would have done in the last 24 hours: 1 incident');
    expect(text).toMatch(
      /^2026-01-10 03:07 UTC {2}unavailable \(critical\): would have rolled back, if armed; over after 24m/,
    );
  });

  it('is nothing once the incident is older than that', async () => {
    const { events } = await live(exampleConfig(), 'observe', 50 * minute, outage);
    expect(wouldHaveDone(events, start + 2 * day).subject).toContain('nothing');
  });

  it('holds an incident that is still open, however old it is', async () => {
    const { events } = await live(exampleConfig(), 'observe', 25 * minute, outage);
    expect(wouldHaveDone(events, start + 3 * day).text).toContain('still open');
  });
});

describe('the daily report', () => {
  const due = lastDue('08:00', start);

  it('is due at its time of day, and not before', () => {
    expect(lastDue('08:00', due)).toBe(due);
    expect(lastDue('08:00', due - 1)).toBeLessThan(due);
    expect(new Date(due).getHours()).toBe(8);
  });

  it('that was missed is made once, however late', () => {
    const past = [started(due - hour)];
    const report = dueReport(past, '08:00', due + 5 * hour);
    expect(report?.subject).toContain('nothing');
    if (!report) throw new Error('nothing is due');
    expect(dueReport([...past, queued(due + 5 * hour, report)], '08:00', due + 6 * hour)).toBeUndefined();
    expect(dueReport([...past, queued(due + 5 * hour, report)], '08:00', due + day)).toBeDefined();
  });

  it('tells nothing of a time before the daemon was there', () => {
    expect(dueReport([started(due + 1)], '08:00', due + hour)).toBeUndefined();
    expect(dueReport([], '08:00', due + hour)).toBeUndefined();
  });
});
