import { afterEach, beforeEach, expect, it } from 'vitest';
import { putBack, releaseContainment } from '../../src/engine/release.ts';
import { finished } from '../actions/perform.ts';
import { openTarget } from '../actions/target.ts';
import { answered, maintenance, online, type Target } from '../actions/target-state.ts';

let target: Target;

/** Contained: stopped, and maintenance shown; started again it is healthy on its own port. */
beforeEach(() => {
  target = openTarget();
  target.state.processes = [online({ pid: 0, status: 'stopped' })];
  target.state.maintenance = true;
  target.effects.release = () => void Object.assign(target.state, { processes: [online()] });
  const well = target.answer;
  target.answer = async (question) => {
    const reply = await well(question);
    return question.path === '/health' && reply.answered && reply.status === 404 ? answered(200) : reply;
  };
});
afterEach(() => target[Symbol.dispose]());

const release = () =>
  finished(
    target.clock,
    releaseContainment(() => target.world, 'inc-1', new AbortController().signal),
  );

/** What users are told, whatever the application says on its own port. */
const usersAreTold = (told: (path: string) => ReturnType<typeof answered>) => {
  const { publicUrl } = target.settings.target;
  const well = target.answer;
  target.answer = (question) => (question.baseUrl === publicUrl ? told(question.path) : well(question));
};

it('starts the application, lets users in and sees that they are served', async () => {
  await release();
  expect(target.done).toEqual(['release', 'serve']);
  expect(target.state.maintenance).toBe(false);
});

it('lets nobody in while the application does not answer on its own port', async () => {
  target.effects.release = () => {};
  await expect(release()).rejects.toMatchObject({
    reason: 'not-released',
    message: expect.stringContaining('connection refused'),
  });
  expect(target.done).toEqual(['release', 'showMaintenance', 'stopAndSave']);
});

it('is not given where the balancer was told to serve and goes on showing maintenance', async () => {
  usersAreTold(() => maintenance({}));
  await expect(release()).rejects.toMatchObject({
    reason: 'not-released',
    message: expect.stringMatching(/does not serve it .*503.*; it is stopped again, and maintenance is shown$/),
    remedy: expect.stringContaining('give the release again'),
  });
  expect(target.done).toEqual(['release', 'serve', 'showMaintenance', 'stopAndSave']);
  expect(target.state.maintenance).toBe(true);
});

it('is not given for one good answer among bad ones', async () => {
  let asked = 0;
  usersAreTold(() => answered(asked++ % 4 === 0 ? 200 : 502));
  await expect(release()).rejects.toMatchObject({ reason: 'not-released' });
});

it('says so when users may be in because maintenance could not be shown again', async () => {
  usersAreTold(() => answered(502));
  target.effects.showMaintenance = () => Promise.reject(new Error('no nginx'));
  await expect(release()).rejects.toThrow(/users may be in: no nginx/);
});

it('is given where the balancer keeps the health path to itself, by a list that a tenant is served', async () => {
  usersAreTold((path) => (path === '/health' ? answered(404) : answered(200, [])));
  await release();
  expect(target.done).toEqual(['release', 'serve']);
});

it('says of what could not be started again why, and not that it was started', async () => {
  target.effects.release = () => {
    throw new Error('no pm2 daemon is alive');
  };
  const undone = finished(
    target.clock,
    putBack(() => target.world, 'run-1', new AbortController().signal),
  );
  await expect(undone).rejects.toThrow(/^no pm2 daemon is alive; it is stopped again/);
});
