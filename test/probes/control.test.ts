import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { systemClock } from '../../src/core/clock.ts';
import { controlProbe } from '../../src/probes/control.ts';
import { closedPort, serve } from './server.ts';
import { probesOf } from './settings.ts';

type Endpoints = { host: string; port: number }[];

async function look(controlEndpoints: Endpoints, clock: Clock = systemClock) {
  const [seen] = await controlProbe(probesOf({ controlEndpoints }), clock).look(new AbortController().signal);
  return seen;
}

/** Each look at the clock is so much later than the one before. */
function strugglingClock(stepMs: number): Clock {
  let time = 0;
  return {
    ...systemClock,
    monotonic() {
      time += stepMs;
      return time;
    },
  };
}

describe('the control probe', () => {
  it('sees well while its loop turns and every endpoint takes a connection', async () => {
    await using server = await serve(() => {});
    const seen = await look([{ host: '127.0.0.1', port: server.port }]);
    expect(seen).toMatchObject({ probe: 'control', status: 'observed' });
  });

  it('needs no endpoint to be asked', async () => {
    expect(await look([])).toMatchObject({ status: 'observed' });
  });

  it('is blind, and says where, when one endpoint of two does not answer', async () => {
    await using server = await serve(() => {});
    const port = await closedPort();
    const seen = await look([
      { host: '127.0.0.1', port: server.port },
      { host: '127.0.0.1', port },
    ]);
    expect(seen).toMatchObject({ status: 'unobserved', reason: `own network: no answer from 127.0.0.1:${port}` });
  });

  it('is blind when a name cannot be resolved any more', async () => {
    const seen = await look([{ host: 'nowhere.invalid', port: 53 }]);
    expect(seen).toMatchObject({ status: 'unobserved', reason: 'own network: no answer from nowhere.invalid:53' });
  });

  it('is blind when its own loop was held up', async () => {
    const seen = await look([], strugglingClock(3_000));
    expect(seen).toMatchObject({ status: 'unobserved', reason: 'own event loop was held up for 3000ms' });
  });
});
