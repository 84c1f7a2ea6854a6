import type { Host } from '../adapters/host/contract.ts';
import type { ProcessAdapter } from '../adapters/process/contract.ts';
import type { Clock } from '../core/clock.ts';
import { hashOf } from '../core/digest.ts';
import type { HealthValues } from '../model/observation.ts';
import { applicationPort } from './application-port.ts';
import type { Ask } from './ask.ts';
import { askHealth } from './ask-health.ts';
import type { Probe } from './contract.ts';
import type { RequestConfig } from './request/schema.ts';
import type { ProbeSet, ProbesConfig, TargetConfig } from './schema.ts';

export interface HealthDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** The version that is expected to run now. */
  readonly probeSet: () => ProbeSet;
  readonly expectedProcesses: number;
  readonly ask: Ask;
  readonly process: Pick<ProcessAdapter, 'list'>;
  readonly host: Pick<Host, 'portUse'>;
  readonly clock: Clock;
}

/** The application on its own port, through the balancer, and from outside HTTP: process table and port. */
export function healthProbe(dependencies: HealthDependencies): Probe {
  const { probes, target, ask, clock } = dependencies;
  return {
    name: 'health',
    everyMs: probes.healthEvery,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const { health, balancer: through = health } = dependencies.probeSet();
      const askAt = (baseUrl: string, question: RequestConfig) =>
        askHealth(ask, { baseUrl, health: question, timeoutMs: probes.timeout }, signal);
      const [application, balancer, vantage] = await Promise.all([
        askAt(target.applicationUrl, health),
        askAt(target.publicUrl, through),
        lookFromOutside(dependencies, signal),
      ]);
      const tookMs = clock.monotonic() - started;
      // No answer of the target's: no address, no route, no socket left. The fault is on our side.
      if (application.why === 'other') {
        return [{ probe: 'health', status: 'unobserved', at, tookMs, reason: 'the application could not be asked' }];
      }
      const values: HealthValues = { asked: hashOf([target.publicUrl, through]), application, balancer, vantage };
      return [{ probe: 'health', status: 'observed', at, tookMs, values }];
    },
  };
}

/** The second vantage is left out where it cannot see; it never makes the first one blind. */
async function lookFromOutside(
  dependencies: HealthDependencies,
  signal: AbortSignal,
): Promise<HealthValues['vantage']> {
  const { process, host, target, expectedProcesses } = dependencies;
  const [processes, use] = await Promise.allSettled([process.list(signal), host.portUse(applicationPort({ target }))]);
  signal.throwIfAborted();
  return {
    ...(processes.status === 'fulfilled' && {
      processes: {
        online: processes.value.filter(({ status, pid }) => status === 'online' && pid > 0).length,
        expected: expectedProcesses,
      },
    }),
    ...(use.status === 'fulfilled' && { listening: use.value.listening }),
  };
}
