import { expect, it } from 'vitest';
import type { EventBody } from '../../src/model/event.ts';
import {
  asking,
  contained,
  hour,
  opened,
  type Props,
  rollbackFailed,
  rolledBack,
  stage,
  start,
} from '../commands/fixture.ts';
import { openDoor } from '../doors/socket/open-door.ts';
import { rollbackd } from './command-line.ts';

/** One command against a real socket, with the engine as plain objects behind it. */
async function said(argv: readonly string[], props: Props = {}, ask?: (question: string) => Promise<string>) {
  const { context, journalled, asked } = stage(props);
  await using open = await openDoor(context);
  const spoken = await rollbackd([...argv, '--socket', open.path], {}, ask);
  return { ...spoken, journalled: journalled(), asked };
}

const because = ['--reason', 'because'];
const armed: EventBody = {
  kind: 'mode.armed',
  reason: 'the migration went well',
  person: 'bo',
  role: 'on-call-lead',
  until: 1,
  manifestHash: 'm',
  configHash: 'c',
  guardsOff: [],
};
const paused: EventBody = { kind: 'acting.paused', person: 'bo', reason: 'fair', until: start + hour };

it.each([
  [['approve', 'inc-1', '--revision', '1'], asking(), 'approval.answered', 'inc-1 is approved: the rollback begins'],
  [
    ['reject', 'inc-1', '--revision', '1', ...because],
    asking(),
    'approval.answered',
    'inc-1 is rejected: nothing is done alone about it any more',
  ],
  [['pause', ...because, '--for', '30m'], [], 'acting.paused', 'acting is paused for 30m'],
  [['snooze', '--for', '1h'], asking(), 'incident.snoozed', 'nobody is reminded of inc-1 for 1h'],
  [['unpause'], [paused], 'acting.unpaused', 'the pause of bo is over (fair)'],
  [['arm', ...because], [], 'mode.armed', 'the guard `drill` is off'],
  [['disarm'], [armed], 'mode.changed', 'rollbackd is disarmed: its mode is approve again'],
  [['release', ...because], contained(), 'containment.released', 'the containment of inc-1 is released'],
  [['acknowledge'], rolledBack(), 'run.acknowledged', 'run-9 is acknowledged by ana'],
  [['close', 'inc-1', ...because], opened(), 'incident.closed', 'inc-1 is closed'],
])('%j does what it says', async (argv, past, kind, text) => {
  const { code, out, err, journalled } = await said(argv, { past });
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(text);
  expect(journalled.at(-1)).toBe(kind);
});

it('starts a rollback and says where to follow it', async () => {
  const { code, out, asked } = await said(['rollback', ...because]);
  expect([code, out]).toEqual([0, 'run-1 has begun: follow it with `rollbackd status`\n']);
  expect(asked).toEqual(['roll back by person in no incident']);
});

it('resumes a run', async () => {
  const { code, asked } = await said(['resume', 'run-9'], { past: rollbackFailed() });
  expect([code, asked]).toEqual([0, ['resume run-9 by ana']]);
});

it('ends with 1, one sentence and what to do next where the daemon refuses', async () => {
  const { code, out, err } = await said(['rollback', ...because], { past: [paused] });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^rollbackd: acting is paused by bo until \S+: fair\nnext: ask bo, then `rollbackd unpause`\n$/);
});

it('prints a dry run as a numbered list that a person can judge', async () => {
  const { code, out, asked } = await said(['rollback', '--dry-run']);
  expect([code, asked]).toEqual([0, []]);
  expect(out).toMatchInlineSnapshot(`
    "a rollback of cafe would take these 2 steps; nothing was touched
    plan plan-1: back to abc, about 3s
     1. [stop] Stop the application (about 1.5s)
        $ pm2 stop cafe
        effect: stops it
        proof:  no listener
     2. [code] Switch the code (about 1.5s)
        $ pm2 stop cafe
        effect: stops it
        proof:  no listener
        point of no return: after this step the restored system takes writes
    "
  `);
});

it.each([
  [['rollback'], "required option '--reason <text>' not specified"],
  [['pause'], "required option '--reason <text>' not specified"],
  [['status', '--jason'], "unknown option '--jason'"],
  [['rolback'], "unknown command 'rolback'"],
])('explains a wrong command line: %j', async (argv, message) => {
  const { code, err } = await rollbackd(argv);
  expect(code).toBe(1);
  expect(err).toContain(message);
});
