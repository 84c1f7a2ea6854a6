import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { look, perform } from './perform.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import { answered, online, type Target } from './target-state.ts';

const stopped = ({ state }: Target) => {
  state.processes = [online({ pid: 0, status: 'stopped' })];
  state.port = { listening: false, listeners: [], hidden: [], established: 0 };
  state.maintenance = true;
};

/** Starts what the function says instead of one well process. */
const starts =
  (...processes: Parameters<typeof online>[0][]) =>
  ({ state, effects }: Target) => {
    effects.replace = () => void Object.assign(state, { processes: processes.map((one) => online(one)) });
    state.environments[200] = {};
  };

describe('starting', () => {
  it('starts the legacy code and proves where it runs and what it was given', async () => {
    using target = openTarget();
    stopped(target);
    await expect(look(target, 'start-application')).rejects.toThrow(/0 of 1 processes/);
    expect(await perform(target, 'start-application')).toEqual({ online: 1, pids: '200' });
    expect(target.done).toEqual(['replace']);
  });

  it('asks for the legacy database in so many words, in the server’s folder', async () => {
    using target = openTarget();
    stopped(target);
    const { replace } = target.world.process;
    target.world.process.replace = (request, signal) => {
      expect(request).toEqual({
        ecosystemFile: target.settings.process.ecosystemFile,
        workingDirectory: `${target.folder}/checkout/backend`,
        environment: { MONGODB_URI: 'mongodb://h/cafe' },
      });
      return replace(request, signal);
    };
    await perform(target, 'start-application');
  });

  it('takes the working folder that the configuration names', async () => {
    using target = openTarget({ process: { workingDirectory: '/opt/cafe' } });
    stopped(target);
    target.state.folders[200] = '/opt/cafe';
    expect(await perform(target, 'start-application')).toMatchObject({ online: 1 });
  });

  it('knows the server’s folder also behind a link', async () => {
    using target = openTarget();
    stopped(target);
    const { repository } = target.settings.code;
    renameSync(repository, join(target.folder, 'release-7'));
    symlinkSync(join(target.folder, 'release-7'), repository);
    target.state.folders[200] = join(target.folder, 'release-7/backend');
    expect(await perform(target, 'start-application')).toMatchObject({ online: 1 });
  });

  it('shows maintenance again where somebody has taken it away: nobody comes in before the tests', async () => {
    using target = openTarget();
    stopped(target);
    target.state.maintenance = false;
    expect(await perform(target, 'start-application')).toMatchObject({ online: 1 });
    expect(target.done).toEqual(['showMaintenance', 'replace']);
  });

  it('starts nothing where maintenance cannot be shown again', async () => {
    using target = openTarget();
    stopped(target);
    target.state.maintenance = false;
    target.effects.showMaintenance = () => {};
    await expect(perform(target, 'start-application')).rejects.toThrow(/not told to show maintenance/);
    expect(target.done).toEqual(['showMaintenance']);
  });

  it('reports a stranger on the port, and starts and ends nothing', async () => {
    using target = openTarget();
    stopped(target);
    target.state.port = { listening: true, listeners: [{ pid: 999, startTime: '1' }], hidden: [], established: 0 };
    target.state.folders[999] = '/srv/other';
    await expect(perform(target, 'start-application')).rejects.toMatchObject({
      reason: 'stranger-on-port',
      message: 'port 5001 is taken by a process that is not the target’s: pid 999 in /srv/other'.replace('’', "'"),
      remedy: 'stop it yourself, then resume the run',
    });
    expect(target.done).toEqual([]);
  });

  it.each([
    ['as stopped', { startsAtBoot: false }],
    ['to run in another folder', { workingDirectory: '/srv/unified' }],
    ['under another name only', { name: 'other' }],
  ])(
    'is not started while it is saved %s: a kill before the save, and the next boot would undo it',
    async (_, saved) => {
      using target = openTarget();
      stopped(target);
      await perform(target, 'start-application');
      const well = target.state.saved;
      target.state.saved = well.map((one) => ({ ...one, ...saved }));
      await expect(look(target, 'start-application')).rejects.toMatchObject({
        reason: 'not-proven',
        message: 'not saved as it runs, for the next boot: cafe',
      });
      expect(await perform(target, 'start-application')).toMatchObject({ online: 1 });
      expect(target.done).toEqual(['replace', 'replace']);
    },
  );

  it('waits for processes that are still starting', async () => {
    using target = openTarget();
    stopped(target);
    let looks = 0;
    target.world.process.list = async () => {
      looks += 1;
      return [online({ pid: 200, status: looks < 10 ? 'starting' : 'online' })];
    };
    target.state.environments[200] = {};
    expect(await perform(target, 'start-application')).toMatchObject({ online: 1 });
  });

  it('does not wait in the look before it starts anything', async () => {
    using target = openTarget();
    stopped(target);
    await expect(look(target, 'start-application')).rejects.toThrow();
    expect(target.clock.monotonic()).toBe(0);
  });

  it('calls it live when it answers, and is the same process after settling', async () => {
    using target = openTarget();
    let asked = 0;
    target.answer = (question) => {
      asked += 1;
      expect(question).toMatchObject({ path: '/api/tenants', method: 'GET', headers: { 'x-alive': '1' } });
      return asked < 20 ? { answered: false, why: 'refused', tookMs: 1 } : answered(200);
    };
    expect(await perform(target, 'await-liveness')).toEqual({ status: 200, processes: 1 });
    expect(target.clock.monotonic()).toBeGreaterThanOrEqual(target.settings.rollback.settle);
  });

  it('finds the lines of a good start, also when they come late', async () => {
    using target = openTarget({
      logs: { output: '/o', error: '/e', startupLines: ['MongoDB connected', 'listening on'] },
    });
    target.state.output = ['listening on 5001'];
    const late = target.clock.sleep(1_000).then(() => target.state.output.push('MongoDB connected'));
    const [evidence] = await Promise.all([perform(target, 'check-startup-logs'), late]);
    expect(evidence).toEqual({ found: 2 });
  });
});

const restarting = ({ state, world }: Target) => {
  let looks = 0;
  world.process.list = async () => {
    looks += 1;
    return [online({ pid: looks % 2 === 0 ? 201 : 200, restarts: looks })];
  };
  state.folders[201] = state.folders[200] ?? '';
};

eachFails(
  [
    {
      action: 'start-application',
      when: 'the process manager ends well and starts nothing',
      spoil: (target) => void Object.assign(target.effects, { replace: () => {} }),
      reason: 'not-proven',
      message: /0 of 1 processes of cafe are online/,
    },
    {
      action: 'start-application',
      when: 'it is errored',
      spoil: starts({ pid: 0, status: 'errored' }),
      reason: 'not-proven',
      message: /0 of 1/,
    },
    {
      action: 'start-application',
      when: 'one of two named processes does not come up, though the other has two',
      settings: { process: { names: ['cafe', 'cafe-jobs'], instances: 2 } },
      spoil: starts({ pid: 200 }, { pid: 200, managerId: 2 }),
      reason: 'not-proven',
      message: /cafe,cafe-jobs/,
    },
    {
      action: 'start-application',
      when: 'the process is gone before it is looked at',
      spoil: starts({ pid: 777 }),
      reason: 'not-proven',
      message: /pid 777\) is gone already/,
    },
    {
      action: 'start-application',
      when: 'it runs in another folder',
      spoil: ({ state }) => void Object.assign(state.folders, { 200: '/srv/other' }),
      reason: 'not-proven',
      message: /runs in \/srv\/other/,
    },
    {
      action: 'start-application',
      when: 'the unified database is in force in its environment',
      spoil: (target) => {
        starts({ pid: 200 })(target);
        target.state.environments[200] = { MONGODB_URI: 'mongodb://user:s3cret@h/cafe_v2' };
      },
      reason: 'wrong-database',
      message: /^cafe \(pid 200\) has another MONGODB_URI in force than the legacy file says$/,
    },
    {
      action: 'await-liveness',
      when: 'it answers but is another process every time',
      spoil: (target) => {
        target.answer = () => answered(200);
        restarting(target);
      },
      reason: 'application-not-live',
      message: /restarts again and again: cafe/,
    },
    {
      action: 'await-liveness',
      when: 'one of its processes disappears while it settles',
      spoil: ({ world, state }) => {
        let looks = 0;
        state.processes = [online({ pid: 200 })];
        world.process.list = async () =>
          looks++ === 0 ? [online({ pid: 200 }), online({ pid: 202, managerId: 2 })] : [online({ pid: 200 })];
      },
      reason: 'application-not-live',
      message: /restarts again and again/,
    },
    {
      action: 'await-liveness',
      when: 'it never answers',
      spoil: () => {},
      reason: 'application-not-live',
      message: /connection refused/,
    },
    {
      action: 'await-liveness',
      when: 'it answers 200, but not what it should',
      settings: {
        probes: {
          unified: { health: { path: '/health' } },
          legacy: { health: { path: '/api/tenants', expectJson: { '$.success': true } } },
        },
      },
      spoil: (target) => {
        target.answer = () => answered(200, '<html>');
      },
      reason: 'application-not-live',
      message: /not the expected body/,
    },
    {
      action: 'check-startup-logs',
      when: 'a line never comes',
      settings: { logs: { output: '/var/log/out.log', error: '/e', startupLines: ['MongoDB connected'] } },
      spoil: ({ state }) => void state.output.push('MongoDB is away'),
      reason: 'not-proven',
      message: /not found in \/var\/log\/out\.log: MongoDB connected/,
    },
  ],
  stopped,
);
