import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { watchWayIn } from '../../src/notify/way-in.ts';
import { journalOf } from './stage.ts';

const failed = (reason: string) => ({ outcome: 'failed', reason }) as const;
const delivered = { outcome: 'delivered' } as const;

function watched() {
  const { bodies, append, state } = journalOf();
  const wayIn = watchWayIn({ state, append, clock: { now: () => 0 }, log: pino({ level: 'silent' }) });
  const told = () => bodies.flatMap((body) => (body.kind === 'message.queued' ? [body.subject] : []));
  return { wayIn, told };
}

describe('the way in from Slack', () => {
  it('is open again with the first connection after an outage, although Slack still counts the one that died', () => {
    const { wayIn, told } = watched();
    for (let refused = 0; refused < 3; refused++) wayIn.note(failed('Slack says internal_error'));
    expect(wayIn.state).toBe('lost');
    wayIn.note(delivered);
    wayIn.noteSole(failed('1 more'));
    expect(wayIn.state).toBe('open');
    wayIn.noteSole(delivered);
    expect(told()).toEqual(['answers in Slack do not arrive', 'answers in Slack arrive again']);
    expect(wayIn.troubles()).toEqual([]);
  });

  it('is in doubt once somebody else was found three times, and stays so however many answers arrive', () => {
    const { wayIn, told } = watched();
    for (let look = 0; look < 3; look++) {
      wayIn.noteSole(failed('1 more'));
      wayIn.note(delivered);
    }
    expect(wayIn.state).toBe('doubtful');
    expect(wayIn.troubles()).toMatchObject([{ channel: 'slack-rival', reason: '1 more' }]);
    wayIn.noteSole(delivered);
    expect(wayIn.state).toBe('open');
    expect(told()).toEqual(['answers in Slack may go to somebody else', 'answers in Slack go to nobody else any more']);
  });

  it('tells whoever listens of each change, until they do not any more', () => {
    const { wayIn } = watched();
    const heard: string[] = [];
    const end = wayIn.subscribe(() => heard.push(wayIn.state));
    wayIn.note({ ...failed('invalid_auth'), lasting: true });
    wayIn.note(delivered);
    end();
    wayIn.note(delivered);
    expect(heard).toEqual(['lost', 'open']);
  });
});
