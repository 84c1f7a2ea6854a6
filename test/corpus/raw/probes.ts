import type { AccessEntry, AccessLog } from '../../../src/adapters/access-log/contract.ts';
import { lineParser } from '../../../src/adapters/access-log/parse-line.ts';
import { doubtsAbout, expectRequests, noLines, withLine } from '../../../src/adapters/access-log/row-of-lines.ts';
import type { ManagedProcess } from '../../../src/adapters/process/contract.ts';
import type { AccessLogConfig } from '../../../src/adapters/traffic/schema.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { RollbackdError } from '../../../src/core/errors.ts';
import type { Ask } from '../../../src/probes/ask.ts';
import type { Probe } from '../../../src/probes/contract.ts';
import { controlProbe } from '../../../src/probes/control.ts';
import { healthProbe } from '../../../src/probes/health.ts';
import { isolationProbe } from '../../../src/probes/isolation/probe.ts';
import { mongoProbe } from '../../../src/probes/mongo.ts';
import { requestsProbe } from '../../../src/probes/requests.ts';
import type { ProbesConfig, TargetConfig } from '../../../src/probes/schema.ts';
import { syntheticProbe } from '../../../src/probes/synthetic.ts';
import { tenantsProbe } from '../../../src/probes/tenants.ts';
import { tenants } from './cafe.ts';
import { ownership } from './documents.ts';
import type { World } from './world.ts';

export interface Surroundings {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly logFormat: AccessLogConfig['format'];
  readonly slotMs: number;
  readonly clock: Clock;
  readonly ask: Ask;
  world(): World;
  isStopped(): boolean;
  version(): 'unified' | 'legacy';
  /** What nginx has written since the last look. */
  takeLines(): readonly string[];
  /** Connections to the application's port. */
  connections(): number;
}

/** The probes themselves, on a pretend target. */
export function probesOn(around: Surroundings): Probe[] {
  const { target, probes, clock, ask, slotMs } = around;
  const probeSet = () => probes[around.version()];
  const traffic = { maintenanceStatus: 503 };
  const isUp = () => !around.isStopped() && around.world().application !== 'gone';
  return [
    controlWhere(() => around.world().observer, probes, clock),
    healthProbe({
      target,
      probes,
      probeSet,
      expectedProcesses: workers,
      ask,
      process: { list: async () => processesOf(around.world(), isUp()) },
      host: { portUse: async () => portUse(isUp() && around.world().application !== 'starting') },
      clock,
    }),
    isolationProbe({
      target,
      probes,
      version: () => ({ probeSet: probeSet(), ownership, knownTenants: async () => [] }),
      ask,
      clock,
    }),
    mongoProbe({ probes, unified: pinged(around, 'unified'), legacy: pinged(around, 'legacy'), clock }),
    tenantsProbe(probes, () => tenantSources(around), clock),
    syntheticProbe({ target, probes, probeSet, traffic, slotMs, ask, clock }),
    requestsProbe({
      target,
      probes,
      traffic,
      balancer: { state: async () => ({ shows: around.isStopped() ? 'maintenance' : 'application' }) },
      slotMs,
      log: logOf(around),
      host: { establishedTo: async () => (isUp() ? around.connections() : undefined) },
      clock,
    }),
  ];
}

/** The real one but for its network, which would need sockets. */
function controlWhere(observer: () => World['observer'], probes: ProbesConfig, clock: Clock): Probe {
  const probe = controlProbe(probes, clock);
  const blind = (reason: string) =>
    [{ probe: 'control', status: 'unobserved', at: clock.now(), tookMs: 0, reason }] as const;
  return {
    ...probe,
    async look(signal) {
      if (observer() === 'without network') return [...blind('own network: no answer from 10.0.0.1:53')];
      if (observer() === 'held up') return [...blind('own event loop was held up for 4200ms')];
      return probe.look(signal);
    },
  };
}

const workers = 4;

function processesOf({ workersGone, processTable }: World, isUp: boolean): ManagedProcess[] {
  if (processTable === 'unseen') throw new RollbackdError('process-manager', 'pm2 does not answer');
  return Array.from({ length: workers }, (_, index) => {
    const online = isUp && index >= workersGone;
    const status = online ? 'online' : 'stopped';
    return {
      name: 'superkafe-backend',
      managerId: index,
      pid: online ? 4_000 + index : 0,
      status,
      workingDirectory: '/srv/cafe/backend',
      restarts: 0,
    };
  });
}

const portUse = async (listening: boolean) => ({
  listeners: listening ? [{ pid: 4_000, startTime: '1' }] : [],
  hidden: [],
  listening,
  established: listening ? 2 : 0,
});

function pinged(around: Surroundings, side: 'unified' | 'legacy') {
  return {
    async ping() {
      const { mongod: unified, legacyServer, observer } = around.world();
      const mongod = side === 'legacy' && legacyServer === 'its own' ? 'up' : unified;
      if (observer === 'without network' || mongod === 'down' || mongod === 'barred to rollbackd')
        throw new RollbackdError('unreachable', `the ${side} server does not answer`);
      if (mongod === 'login refused') throw new RollbackdError('login-refused', `the ${side} server refuses the login`);
      return { writable: mongod !== 'read-only', connections: { current: 20, available: 800 } };
    },
  };
}

function tenantSources(around: Surroundings) {
  const besides = (source: World['missingTenants']['from']) => async () => {
    const { from, slugs } = around.world().missingTenants;
    return tenants.filter((tenant) => from !== source || !slugs.includes(tenant));
  };
  return {
    configuration: async () => tenants,
    'unified tenants': besides('unified tenants'),
    'legacy databases': besides('legacy databases'),
    backup: async () => tenants,
  };
}

/** Lines of text through the real parser; only the reading of the file is not. */
function logOf(around: Surroundings): AccessLog {
  const config: AccessLogConfig = { file: '/var/log/nginx/rollbackd.log', format: around.logFormat, paths: ['/api'] };
  const parse = lineParser(config);
  let row = noLines;
  return {
    async readOn(onEntry) {
      const { log } = around.world();
      if (log === 'gone') throw new RollbackdError('log-unreadable', `there is no ${config.file}`);
      const lines = around.takeLines().map((line) => (log === 'garbled' ? `<134>nginx: ${line}` : line));
      const entries = log === 'silent' ? [] : lines.flatMap((line) => readLine(line));
      if (entries.length === 0) expectRequests(row, config);
      for (const entry of entries) onEntry(entry);
      return doubtsAbout(row, config);
    },
    async readBefore() {},
  };

  function readLine(line: string): AccessEntry[] {
    const entry = parse(line);
    const counts = entry !== undefined && config.paths.some((path) => entry.path.startsWith(path));
    row = withLine(row, entry, counts);
    return counts ? [entry] : [];
  }
}
