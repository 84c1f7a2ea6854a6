import { describe, expect, it } from 'vitest';
import { ChannelHealth } from '../../src/notify/health.ts';

const failed = (reason: string, lasting = false) => ({ outcome: 'failed', reason, lasting }) as const;
const delivered = { outcome: 'delivered' } as const;

function patient() {
  const told: string[] = [];
  const gauge: string[] = [];
  let now = 0;
  const health = new ChannelHealth({
    clock: { now: () => now++ },
    onFailing: (channel, failing) => gauge.push(`${channel} ${failing}`),
    onTrouble: ({ channel, failures, reason }) => told.push(`${channel} ${failures}: ${reason}`),
    onWell: (channel) => told.push(`${channel} is well`),
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { health, told, gauge, pass };
}

describe('the health of the channels', () => {
  it('tells a trouble once, when it has not passed after three failures, and its end', () => {
    const { health, told } = patient();
    for (const reason of ['1', '2', '3', '4']) health.note('slack', failed(reason));
    expect(told).toEqual(['slack 3: 3']);
    expect(health.troubles()).toEqual([{ channel: 'slack', since: 0, failures: 4, reason: '4' }]);
    health.note('slack', delivered);
    expect(told).toEqual(['slack 3: 3', 'slack is well']);
    expect(health.troubles()).toEqual([]);
  });

  it('tells one that will not pass by itself at once', () => {
    const { health, told } = patient();
    health.note('slack', failed('token_revoked', true));
    expect(told).toEqual(['slack 1: token_revoked']);
  });

  it('tells one that comes and goes once in ten minutes, and shows every turn of it to the metrics', () => {
    const { health, told, gauge, pass } = patient();
    for (let turn = 0; turn < 5; turn++) {
      health.note('slack', failed('token_revoked', true));
      health.note('slack', delivered);
    }
    expect(told).toEqual(['slack 1: token_revoked', 'slack is well']);
    expect(gauge).toHaveLength(10);
    pass(600_000);
    health.note('slack', failed('token_revoked', true));
    expect(told).toHaveLength(3);
  });

  it('takes a channel that refuses three messages in a row for one that takes none, until it takes one', () => {
    const { health, told } = patient();
    const refused = { outcome: 'refused', reason: 'status 400' } as const;
    health.note('webhook', refused);
    health.note('webhook', refused);
    health.note('webhook', delivered);
    health.note('webhook', refused);
    health.note('webhook', refused);
    expect([told, health.troubles()]).toEqual([[], []]);
    health.note('webhook', refused);
    expect(told).toEqual(['webhook 1: it refuses every message: status 400']);
    expect(health.fails('webhook')).toBe(true);
    health.note('webhook', delivered);
    expect(told.at(-1)).toBe('webhook is well');
  });

  it('takes what one part of a channel gets through for no proof of another', () => {
    const { health, told } = patient();
    for (let turn = 0; turn < 3; turn++) {
      health.note('slack', failed('cant_update'), 'cards');
      health.note('slack', delivered);
    }
    expect(told).toEqual(['slack 3: cant_update']);
    health.note('slack', delivered, 'cards');
    expect(told.at(-1)).toBe('slack is well');
  });

  it('says nothing of a trouble that passes, and keeps the channels apart', () => {
    const { health, told } = patient();
    health.note('slack', failed('1'));
    health.note('webhook', failed('1'));
    health.note('slack', failed('2'));
    health.note('slack', { outcome: 'refused', reason: 'this one message' });
    health.note('slack', failed('3'));
    expect(told).toEqual([]);
    expect(health.troubles().map(({ channel, failures }) => `${channel} ${failures}`)).toEqual(
      ['slack 1', 'webhook 1'].reverse(),
    );
  });
});
