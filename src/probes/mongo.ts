import type { MongoReader } from '../adapters/mongo/contract.ts';
import type { Clock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import type { MongoValues } from '../model/observation.ts';
import type { Probe } from './contract.ts';
import type { ProbesConfig } from './schema.ts';

export interface MongoDependencies {
  readonly probes: ProbesConfig;
  readonly unified: Pick<MongoReader, 'ping'>;
  readonly legacy: Pick<MongoReader, 'ping'>;
  readonly clock: Clock;
}

/** Both database sides asked directly, past the application. */
export function mongoProbe({ probes, unified, legacy, clock }: MongoDependencies): Probe {
  return {
    name: 'mongo',
    everyMs: probes.mongoEvery,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const [unifiedSide, legacySide] = await Promise.all([askSide(unified, signal), askSide(legacy, signal)]);
      const values: MongoValues = {
        unified: unifiedSide.state,
        legacy: legacySide.state,
        legacyWritable: legacySide.writable,
        ...(unifiedSide.connections && { connections: unifiedSide.connections }),
      };
      return [{ probe: 'mongo', status: 'observed', at, tookMs: clock.monotonic() - started, values }];
    },
  };
}

interface Side {
  readonly state: MongoValues['unified'];
  readonly writable: boolean;
  readonly connections?: NonNullable<MongoValues['connections']>;
}

async function askSide(reader: Pick<MongoReader, 'ping'>, signal: AbortSignal): Promise<Side> {
  try {
    const { writable, connections } = await reader.ping(signal);
    return { state: 'reachable', writable, connections };
  } catch (error) {
    signal.throwIfAborted();
    const refused = error instanceof RollbackdError && error.reason === 'login-refused';
    return { state: refused ? 'login-refused' : 'unreachable', writable: false };
  }
}
