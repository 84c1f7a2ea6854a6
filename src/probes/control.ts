import { connect } from 'node:net';
import type { Clock } from '../core/clock.ts';
import type { Probe } from './contract.ts';
import type { ProbesConfig } from './schema.ts';

/** A loop that is held up this long cannot tell a slow target from its own slowness. */
const tooSlow = 2_000;

/** The observer looks at itself: does its loop turn, and does its own network answer? */
export function controlProbe(config: ProbesConfig, clock: Clock): Probe {
  return {
    name: 'control',
    everyMs: config.controlEvery,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const loopDelayMs = await measureLoopDelay(clock);
      const silent = await silentEndpoints(config, signal);
      const tookMs = clock.monotonic() - started;
      const blind = (reason: string) => [{ probe: 'control', status: 'unobserved', at, tookMs, reason }] as const;
      if (loopDelayMs > tooSlow) return [...blind(`own event loop was held up for ${Math.round(loopDelayMs)}ms`)];
      if (silent.length > 0) return [...blind(`own network: no answer from ${silent.join(', ')}`)];
      return [{ probe: 'control', status: 'observed', at, tookMs, values: { loopDelayMs } }];
    },
  };
}

async function measureLoopDelay(clock: Clock): Promise<number> {
  const started = clock.monotonic();
  await new Promise<void>((resolve) => setImmediate(resolve));
  return clock.monotonic() - started;
}

async function silentEndpoints({ controlEndpoints, timeout }: ProbesConfig, signal: AbortSignal): Promise<string[]> {
  const answers = await Promise.all(
    controlEndpoints.map(async (endpoint) =>
      (await connects(endpoint, timeout, signal)) ? [] : [`${endpoint.host}:${endpoint.port}`],
    ),
  );
  return answers.flat();
}

function connects(endpoint: { host: string; port: number }, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...endpoint, timeout: timeoutMs, signal });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
