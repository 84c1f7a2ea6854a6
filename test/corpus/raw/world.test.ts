import { describe, expect, it } from 'vitest';
import { lineParser } from '../../../src/adapters/access-log/parse-line.ts';
import { lineOf } from './nginx.ts';
import { Dice } from './random.ts';
import { from, story } from './story.ts';
import { Users } from './users.ts';
import { wellWorld, worldAt } from './world.ts';

const minutes = (count: number) => count * 60_000;

describe('the pretend world of the stories', () => {
  it('throws the same dice for the same words', () => {
    const thrown = (words: string) =>
      Array.from(
        { length: 5 },
        (
          (dice) => () =>
            dice.next()
        )(new Dice(words)),
      );
    expect(thrown('a story')).toEqual(thrown('a story'));
    expect(thrown('a story')).not.toEqual(thrown('another story'));
  });

  it('lets one answer in twenty take longer than p95', () => {
    const dice = new Dice('durations');
    const slow = Array.from({ length: 20_000 }, () => dice.duration(200)).filter((ms) => ms > 200).length;
    expect(slow / 20_000).toBeCloseTo(0.05, 2);
  });

  it('lets as many users come as it says, at random', () => {
    const users = new Users(
      'many users',
      () => ({ ...wellWorld, perMinute: 100, bots: 0 }),
      () => true,
    );
    const counts = Array.from({ length: 60 }, (_, minute) => users.until(minutes(minute + 1)).length);
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(5_700);
    expect(total).toBeLessThan(6_300);
    expect(new Set(counts).size).toBeGreaterThan(15);
  });

  it('writes lines that the parser reads, in both formats', () => {
    const over = Date.parse('2026-01-13T10:00:07.250Z');
    const logged = {
      method: 'GET',
      path: '/api/menu',
      status: 200,
      takes: 87,
      agent: 'Mozilla/5.0 (X11)',
      tenant: 'kopi',
      upstream: '127.0.0.1:5001',
    };
    const read = (format: 'json' | 'combined') => lineParser({ format })(lineOf(format, logged, over));
    expect(read('json')).toEqual({
      at: over,
      method: 'GET',
      path: '/api/menu',
      status: 200,
      durationMs: 87,
      upstream: true,
      agent: 'Mozilla/5.0 (X11)',
      tenant: 'kopi',
    });
    expect(read('combined')).toMatchObject({ at: over - 250, status: 200, durationMs: 87, upstream: 'unknown' });
  });

  it('writes a request down when it is over, which for one that hangs is when somebody gives up', () => {
    const users = new Users(
      'waiting users',
      () => ({ ...wellWorld, application: 'hanging', patience: 5_000, bots: 0 }),
      () => true,
    );
    expect(users.until(4_000)).toEqual([]);
    expect(users.waiting).toBeGreaterThan(0);
    const [first] = users.until(minutes(1));
    expect(first?.logged).toMatchObject({ status: 499, takes: 5_000 });
  });

  it('is in turn so and well again, and after a rollback free of what the unified version did', () => {
    const { base, periods } = story(
      'in turn',
      { source: 'a test', lasts: '60', traffic: 7 },
      from('5').inTurn('1', '2', { application: 'gone' }),
      from('5').the({ bots: 99 }),
    );
    const states = [4, 5, 6, 7, 8].map((minute) => worldAt(base, periods, minutes(minute), 'unified').application);
    expect(states).toEqual(['up', 'gone', 'up', 'up', 'gone']);
    expect(worldAt(base, periods, minutes(8), 'legacy')).toMatchObject({ application: 'up', bots: 99 });
  });
});
