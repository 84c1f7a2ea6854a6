import { describe, expect, it } from 'vitest';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';
import { decisionRecord } from '../../src/report/decision-record.ts';
import { recordIncident } from '../../src/report/record-incident.ts';
import { control, health } from '../engine/judging.ts';
import { live, type World } from '../replay/live-engine.ts';
import { exampleConfig } from '../replay/written.ts';

const minute = 60_000;
const outage: World = (since) => [
  control(0),
  ...(since % 10_000 === 0 ? [health(0, since < 5 * minute || since > 30 * minute)] : []),
];

const event = (seq: number, at: number, body: EventBody): JournalEvent => ({ seq, at, body, hash: '' });

describe('the record of an incident', () => {
  it('says when it began, when it was a breach, who was asked and what would have changed it', async () => {
    const { events } = await live(exampleConfig(), 'approve', 25 * minute, outage);
    const record = recordIncident(events);
    expect(decisionRecord.parse(record)).toEqual(record);
    expect(record).toMatchObject({ criterion: 'unavailable', tier: 'critical' });
    expect(record.whyNotEarlier[0]).toMatch(/^it began at 2026-01-10T03:05:00/);
    expect(record.whyNotEarlier.join('\n')).toMatch(/1[56]m\S* later it was a breach: until then/);
    expect(record.whyNotEarlier.join('\n')).toMatch(/later people were asked/);
    expect(record.whatWouldHaveChangedIt.join('\n')).toMatch(/unavailable: no breach with a threshold above 1\dm/);
    expect(record.whatWouldHaveChangedIt.join('\n')).toMatch(/mode failed: mode is approve/);
    expect(record.ended).toBeUndefined();
  });

  it('says what was done alone, with every guard, and how it ended', async () => {
    const { events } = await live(exampleConfig(), 'armed', 40 * minute, outage);
    const { decisions, timeline } = recordIncident(events);
    expect(decisions.at(-1)?.decision.guards.every(({ outcome }) => outcome !== 'failed')).toBe(true);
    expect(timeline.map(({ what }) => what).join('\n')).toMatch(
      /rollback run-\d+ began, on the word of rollbackd itself/,
    );
  });

  it('says in observe what would have been done', async () => {
    const { events } = await live(exampleConfig(), 'observe', 25 * minute, outage);
    expect(recordIncident(events).whatWouldHaveChangedIt.join('\n')).toContain(
      'observe: would have rolled back, if armed',
    );
  });

  it('names who answered, with the reason', async () => {
    const { events } = await live(exampleConfig(), 'approve', 25 * minute, outage);
    const asked = events.find(({ body }) => body.kind === 'approval.requested');
    if (asked?.body.kind !== 'approval.requested') throw new Error('nobody was asked');
    const { incident, revision, planHash, evidenceHash } = asked.body;
    const body: EventBody = {
      kind: 'approval.answered',
      ...{ incident, revision, planHash, evidenceHash },
      answer: 'rejected',
      person: 'eva',
      role: 'senior-engineer',
      via: 'cli',
      reason: 'a deploy',
    };
    const { answers, timeline } = recordIncident([...events, event(999, asked.at + minute, body)]);
    expect(answers).toMatchObject([{ person: 'eva', answer: 'rejected', reason: 'a deploy' }]);
    expect(timeline.at(-1)?.what).toBe('eva (senior-engineer) said no: a deploy');
  });

  it('of an incident that is not there names those that are', async () => {
    const { events } = await live(exampleConfig(), 'approve', 25 * minute, outage);
    const { incident } = recordIncident(events);
    expect(() => recordIncident(events, 'incident-x')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(incident) }),
    );
    expect(() => recordIncident([])).toThrow('there has been no incident yet');
  });
});
