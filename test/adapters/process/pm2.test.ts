import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TAG_VARIABLE } from '../../../src/exec/child-record.ts';
import { identityOf, LEGACY, type Mode, never, type Pm2Place, pm2Place, SECRET, savedFile } from './pm2-place.ts';

describe.each<Mode>(['fork', 'cluster'])('in %s mode', { timeout: 90_000 }, (mode) => {
  let place: Pm2Place;
  const start = (environment: Record<string, string> = {}) =>
    place.pm2(['start', place.config.ecosystemFile, '--env', 'production'], environment);
  const request = (environment: Record<string, string> = {}) => ({
    ecosystemFile: place.config.ecosystemFile,
    workingDirectory: `${place.folder}/server`,
    environment,
  });
  const inForce = async () => {
    const [cafe] = await place.adapter.list(never);
    if (cafe === undefined) return expect.fail('pm2 does not know cafe');
    return place.adapter.environmentInForce(await identityOf(cafe), ['MONGODB_URI', TAG_VARIABLE]);
  };

  beforeEach(async () => {
    place = await pm2Place(mode);
  });
  afterEach(() => place.remove());

  test('stopped and saved: silent, kept, still stopped after pm2 came back, and the neighbour never noticed', async () => {
    await start({ MONGODB_URI: SECRET });
    const { pid } = await place.ask();
    const neighbour = await place.neighbour();
    expect(await place.adapter.refusals(never)).toEqual([]);
    // Exactly this: the foreign application and the environments that pm2 lists as well are left out.
    expect(await place.adapter.list(never)).toEqual([
      { name: 'cafe', managerId: 0, pid, status: 'online', workingDirectory: `${place.folder}/server`, restarts: 0 },
    ]);
    await place.adapter.stopAndSave(never);
    expect(await place.silent()).toBe(true);
    expect(await place.adapter.list(never)).toMatchObject([{ name: 'cafe', pid: 0, status: 'stopped' }]);
    const folder = `${place.folder}/server`;
    expect(await place.adapter.saved()).toEqual([{ name: 'cafe', startsAtBoot: false, workingDirectory: folder }]);
    // As a kill between `pm2 start` and `pm2 save` leaves it: it runs, and a boot would still keep it down.
    await place.pm2(['start', 'cafe']);
    expect(await place.adapter.saved()).toMatchObject([{ startsAtBoot: false }]);
    await place.adapter.stopAndSave(never);
    expect((await place.neighbour()).pid).toBe(neighbour.pid);

    await place.endDaemon();
    await place.pm2(['resurrect']);
    await place.neighbour();
    expect(await place.adapter.list(never)).toMatchObject([{ name: 'cafe', pid: 0, status: 'stopped' }]);
    expect(await place.silent()).toBe(true);
  });

  test('a release brings back what was stopped, with the environment it had and none of ours', async () => {
    await start({ MONGODB_URI: SECRET, GREETING: 'hello' });
    const before = await place.ask();
    await place.adapter.stopAndSave(never);
    await place.adapter.release(never);
    const after = await place.ask();
    expect(after.pid).not.toBe(before.pid);
    expect(after.environment).toMatchObject({ MONGODB_URI: SECRET, GREETING: 'hello', PATH: before.environment.PATH });
    expect(after.environment[TAG_VARIABLE]).toBeUndefined();
    expect(JSON.parse(savedFile(place))).toMatchObject([{ name: 'cafe', status: 'online' }, { name: 'neighbour' }]);
    await place.adapter.release(never);
    expect((await place.ask()).pid).toBe(after.pid);
  });

  test('replaced: the new definition runs with the target’s Node and environment, in the folder asked for', async () => {
    await start({ MONGODB_URI: SECRET });
    const before = await place.ask();
    await place.pm2(['save']);
    await place.endDaemon();
    await place.pm2(['resurrect']);
    await place.ask();
    const neighbour = await place.neighbour();
    place.writeEnvFile({ MONGODB_URI: LEGACY });
    await place.adapter.replace(request(), never);
    const after = await place.ask();
    expect(after).toMatchObject({ node: before.node, folder: `${place.folder}/server` });
    expect(after.environment).toMatchObject({ MONGODB_URI: LEGACY, LANG: 'C.UTF-8', NODE_ENV: 'production' });
    expect(after.environment.HOME).toBe(place.folder);
    expect(Object.keys(after.environment).filter((name) => /^(VITEST|npm_|ROLLBACKD)/.test(name))).toEqual([]);
    expect(await inForce()).toEqual({ MONGODB_URI: undefined, [TAG_VARIABLE]: undefined });
    expect((await place.neighbour()).pid).toBe(neighbour.pid);
    expect(JSON.parse(savedFile(place))).toMatchObject([{ name: 'neighbour' }, { name: 'cafe', status: 'online' }]);
    const folder = `${place.folder}/server`;
    expect(await place.adapter.saved()).toEqual([{ name: 'cafe', startsAtBoot: true, workingDirectory: folder }]);
  });

  test('the environment trap is there without us, and is defeated by us, also after pm2 came back', async () => {
    await start({ MONGODB_URI: SECRET });
    await place.ask();
    place.writeEnvFile({ MONGODB_URI: LEGACY });
    await place.pm2(['delete', 'cafe']);
    await start();
    const trapped = mode === 'cluster';
    expect((await place.ask()).environment.MONGODB_URI).toBe(trapped ? SECRET : LEGACY);
    expect((await inForce()).MONGODB_URI).toBe(trapped ? SECRET : undefined);

    expect(await place.adapter.environmentObstacles({})).toEqual([
      { what: expect.stringContaining('MONGODB_URI'), mend: expect.stringContaining('pm2 kill') },
    ]);
    expect(await place.adapter.environmentObstacles({ MONGODB_URI: LEGACY })).toEqual([]);
    const { pid } = await place.ask();
    await expect(place.adapter.replace(request(), never)).rejects.toMatchObject({
      reason: 'process-manager',
      message: expect.stringContaining('MONGODB_URI'),
      remedy: expect.stringContaining('pm2 kill'),
    });
    expect((await place.ask()).pid).toBe(pid);

    await place.adapter.replace(request({ MONGODB_URI: LEGACY }), never);
    expect((await place.ask()).environment.MONGODB_URI).toBe(LEGACY);
    expect(await inForce()).toEqual({ MONGODB_URI: LEGACY, [TAG_VARIABLE]: undefined });
    await place.endDaemon();
    await place.pm2(['resurrect'], { MONGODB_URI: SECRET });
    expect((await place.ask()).environment.MONGODB_URI).toBe(LEGACY);
  });
});

test('several instances are stopped, released and replaced together', { timeout: 90_000 }, async () => {
  const place = await pm2Place('cluster', 2);
  try {
    await place.pm2(['start', place.config.ecosystemFile, '--env', 'production']);
    await place.ask();
    await place.adapter.stopAndSave(never);
    expect((await place.adapter.list(never)).map(({ status }) => status)).toEqual(['stopped', 'stopped']);
    await place.adapter.release(never);
    await place.adapter.replace(
      { ecosystemFile: place.config.ecosystemFile, workingDirectory: `${place.folder}/server`, environment: {} },
      never,
    );
    await place.ask();
    expect((await place.adapter.list(never)).map(({ status }) => status)).toEqual(['online', 'online']);
  } finally {
    await place.remove();
  }
});
