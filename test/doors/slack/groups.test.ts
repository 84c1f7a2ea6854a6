import { ErrorCode } from '@slack/web-api';
import { expect, it } from 'vitest';
import { Groups, type GroupsDependencies } from '../../../src/doors/slack/groups.ts';
import { manualClock } from '../../manual-clock.ts';

const groups = [{ id: 'S0SENIORS', role: 'senior-engineer' as const }];

function asked(list: (asking: number) => Promise<{ users: string[] }>) {
  const clock = manualClock();
  const at: number[] = [];
  const faults: string[] = [];
  const users = {
    list: () => {
      at.push(clock.monotonic());
      return list(at.length);
    },
  };
  const web = () => ({ usergroups: { users } }) as unknown as ReturnType<GroupsDependencies['web']>;
  const known = new Groups({ groups, web, clock, onFault: (_group, reason) => faults.push(reason) });
  return { clock, at, faults, known };
}

it('an answer that comes too late for one click counts for the next', async () => {
  const { promise: late, resolve: answer } = Promise.withResolvers<{ users: string[] }>();
  const { clock, at, faults, known } = asked(() => late);
  const first = known.rolesOf('U1');
  await clock.pass(1_500);
  expect([await first, faults]).toEqual([[], ['Slack did not say in time who is in it']]);
  answer({ users: ['U1'] });
  await clock.pass(500);
  expect(await known.rolesOf('U1')).toEqual(['senior-engineer']);
  await clock.pass(59_000);
  expect(await known.rolesOf('U1')).toEqual(['senior-engineer']);
  expect(at).toEqual([0]);
});

it('a group that could not be read is asked about again after five seconds, or as late as Slack asks for', async () => {
  const limited = Object.assign(new Error('limited'), { code: ErrorCode.RateLimitedError, retryAfter: 30 });
  const { clock, at, known } = asked((asking) => {
    if (asking === 1) return Promise.reject(limited);
    return asking === 2 ? Promise.reject(new Error('no network')) : Promise.resolve({ users: ['U1'] });
  });
  const roles: string[][] = [];
  for (let second = 0; second < 40; second++) {
    roles.push(await known.rolesOf('U1'));
    await clock.pass(1_000);
  }
  expect(at).toEqual([0, 30_000, 35_000]);
  expect(roles.findIndex((held) => held.length > 0)).toBe(35);
});
