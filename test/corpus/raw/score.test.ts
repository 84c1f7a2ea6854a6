import { describe, expect, it } from 'vitest';
import type { Happened } from './play.ts';
import { scoreOf } from './score.ts';
import { asked, mayAsk, rolledBackAlone, story, time, told, toldAtMost, withdrawn } from './story.ts';

const head = { source: 'a test', lasts: '60', traffic: 1 };
const done = (at: string, deed: Happened['deed'], tier?: Happened['tier']): Happened => ({
  at: time(at),
  deed,
  tier,
  words: '',
});
const right = { wrong: [], missed: [], late: [] };

describe('the score of a story', () => {
  it('is right where everything comes within its bounds and nothing else does', () => {
    const expected = story('a', head, told('5', '8'), asked('5', '10', 'severe'));
    expect(scoreOf(expected, [done('6', 'told'), done('9', 'asked', 'severe')])).toEqual(right);
  });

  it('counts an act that nobody expects as wrong, and a message not', () => {
    const happened = [done('3', 'told'), done('4', 'contained')];
    expect(scoreOf(story('a', head), happened)).toEqual({ ...right, wrong: ['contained at 00:04:00'] });
  });

  it('tells what comes late from what does not come', () => {
    const expected = story('a', head, asked('5', '10'), withdrawn('20', '30'));
    expect(scoreOf(expected, [done('12', 'asked', 'moderate')])).toEqual({
      wrong: [],
      missed: ['withdrawn between 00:20:00 and 00:30:00'],
      late: ['asked between 00:05:00 and 00:10:00, came at 00:12:00'],
    });
  });

  it('takes a question of another tier for none, and for a wrong act', () => {
    expect(scoreOf(story('a', head, asked('5', '10', 'severe')), [done('6', 'asked', 'moderate')])).toEqual({
      wrong: ['asked (moderate) at 00:06:00'],
      missed: ['asked (severe) between 00:05:00 and 00:10:00'],
      late: [],
    });
  });

  it('allows once what may come', () => {
    const happened = [done('6', 'asked', 'severe'), done('7', 'asked', 'severe')];
    expect(scoreOf(story('a', head, mayAsk('5', '10')), happened).wrong).toEqual(['asked (severe) at 00:07:00']);
    expect(scoreOf(story('a', head, mayAsk('5', '10')), [])).toEqual(right);
  });

  it('takes a question for a message too', () => {
    const expected = story('a', head, told('5', '8'), asked('5', '8'));
    expect(scoreOf(expected, [done('6', 'asked', 'severe')])).toEqual(right);
  });

  it('finds a rollback wrong that is the first that people hear', () => {
    const expected = story('a', head, rolledBackAlone('20', '25'));
    const rollback = done('20', 'rolled back alone');
    expect(scoreOf(expected, [done('20', 'told'), rollback]).wrong).toHaveLength(1);
    expect(scoreOf(expected, [done('7', 'told'), rollback])).toEqual(right);
  });

  it('counts messages where the story says how many may come', () => {
    const happened = [done('6', 'told'), done('7', 'told')];
    expect(scoreOf(story('a', head, toldAtMost(1)), happened).wrong).toEqual(['told 2 times, not at most 1']);
  });
});
