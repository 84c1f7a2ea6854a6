import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takenBy } from '../../src/actions/port-taken.ts';
import { linuxHost } from '../../src/adapters/host/linux.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Mode, never, type Pm2Place, pm2Place } from '../adapters/process/pm2-place.ts';

describe.each<Mode>(['fork', 'cluster'])('under pm2 in %s mode', { timeout: 90_000 }, (mode) => {
  let place: Pm2Place;
  beforeEach(async () => {
    place = await pm2Place(mode, mode === 'cluster' ? 2 : 1);
  });
  afterEach(() => place.remove());

  const look = () =>
    takenBy(
      {
        settings: { target: { applicationUrl: `http://127.0.0.1:${place.port}` } },
        host: linuxHost(),
        process: place.adapter,
        clock: systemClock,
      },
      never,
    );

  test('the port is its own while the target runs, and whoever takes it after the stop is a stranger with a name', async () => {
    await place.pm2(['start', place.config.ecosystemFile, '--env', 'production']);
    await place.ask();
    expect(await look()).toBeUndefined();
    await place.adapter.stopAndSave(never);
    expect(await look()).toBeUndefined();
    const stranger = createServer().listen(place.port, '127.0.0.1');
    await once(stranger, 'listening');
    expect(await look()).toMatch(
      new RegExp(`^port ${place.port} is taken by .* not the target's: .+, pid ${process.pid} in ${process.cwd()}`),
    );
    stranger.close();
    await once(stranger, 'close');
    expect(await look()).toBeUndefined();
  });
});
