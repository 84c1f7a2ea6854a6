import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { PortUse } from '../../src/adapters/host/contract.ts';
import type { ManagedProcess } from '../../src/adapters/process/contract.ts';
import { systemClock } from '../../src/core/clock.ts';
import { askHttp } from '../../src/probes/ask.ts';
import { type HealthDependencies, healthProbe } from '../../src/probes/health.ts';
import { closedPort, serve } from './server.ts';
import { type ProbesInput, probesOf, targetOf } from './settings.ts';

const forever = new AbortController().signal;
const nobody = () => Promise.reject(new Error('not visible from here'));

const worker = (changes: Partial<ManagedProcess> = {}): ManagedProcess => ({
  name: 'cafe',
  managerId: 0,
  pid: 4_711,
  status: 'online',
  workingDirectory: '/srv/cafe',
  restarts: 0,
  ...changes,
});

interface Situation {
  readonly application: RequestListener | 'closed';
  readonly balancer?: RequestListener | 'closed';
  readonly through?: ProbesInput['unified']['balancer'];
  readonly list?: () => Promise<ManagedProcess[]>;
  readonly portUse?: (port: number) => Promise<PortUse>;
}

const well: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"status":"healthy"}');
};

async function urlOf(answer: RequestListener | 'closed', stack: AsyncDisposableStack): Promise<string> {
  return answer === 'closed' ? `http://127.0.0.1:${await closedPort()}` : stack.use(await serve(answer)).url;
}

async function look({
  application,
  balancer = application,
  through,
  list = async () => [worker()],
  portUse,
}: Situation) {
  await using stack = new AsyncDisposableStack();
  const probes = probesOf({
    timeout: '3s',
    unified: {
      health: { path: '/health', expectJson: { '$.status': 'healthy' }, headers: { 'x-probe': 'yes' } },
      ...(through && { balancer: through }),
    },
  });
  const use = async () => ({ listening: true, listeners: [], hidden: [], established: 0 });
  const dependencies: HealthDependencies = {
    target: targetOf(await urlOf(application, stack), ['negoes'], await urlOf(balancer, stack)),
    probes,
    probeSet: () => probes.unified,
    expectedProcesses: 2,
    ask: askHttp,
    process: { list },
    host: { portUse: portUse ?? use },
    clock: systemClock,
  };
  const [seen] = await healthProbe(dependencies).look(forever);
  if (seen?.status !== 'observed' || seen.probe !== 'health') throw new Error('not observed');
  return seen.values;
}

describe('the health probe', () => {
  it('asks the application and the balancer, and looks from outside', async () => {
    expect(await look({ application: well })).toMatchObject({
      application: { outcome: 'up', status: 200 },
      balancer: { outcome: 'up', status: 200 },
      vantage: { processes: { online: 1, expected: 2 }, listening: true },
    });
  });

  it('asks through the balancer what reaches the application there, and says which question that was', async () => {
    const onlyMenu: RequestListener = (request, response) => {
      const found = request.url === '/api/menu';
      response.writeHead(found ? 200 : 404).end('[]');
    };
    const other = await look({ application: well, balancer: onlyMenu, through: { path: '/api/menu' } });
    expect(other).toMatchObject({ application: { outcome: 'up' }, balancer: { outcome: 'up' } });
    const same = await look({ application: well, balancer: onlyMenu });
    expect(same).toMatchObject({ balancer: { outcome: 'down', why: 'status', status: 404 } });
    expect(same.asked).toMatch(/^[0-9a-f]{64}$/);
    expect(other.asked).not.toBe(same.asked);
  });

  it('tells a balancer that is down from an application that is well', async () => {
    expect(await look({ application: well, balancer: 'closed' })).toMatchObject({
      application: { outcome: 'up' },
      balancer: { outcome: 'down', why: 'refused' },
    });
  });

  it('is not fooled by an index page that answers for the application with 200', async () => {
    const page: RequestListener = (_request, response) => void response.end('<html>welcome</html>');
    expect(await look({ application: well, balancer: page })).toMatchObject({
      balancer: { outcome: 'down', why: 'body' },
    });
  });

  it('sees an application that is gone, by every vantage', async () => {
    const values = await look({
      application: 'closed',
      list: async () => [worker({ pid: 0, status: 'errored' })],
      portUse: async () => ({ listening: false, listeners: [], hidden: [], established: 0 }),
    });
    expect(values).toMatchObject({
      application: { outcome: 'down', why: 'refused' },
      vantage: { processes: { online: 0, expected: 2 }, listening: false },
    });
  });

  it('sees one that hangs although it is online and listening', async () => {
    expect(await look({ application: () => {} })).toMatchObject({
      application: { outcome: 'down', why: 'timeout' },
      vantage: { processes: { online: 1 }, listening: true },
    });
  });

  it('counts nobody as online that has no living process', async () => {
    const list = async () => [
      worker({ pid: 0 }),
      worker({ status: 'starting' }),
      worker({ status: 'stopped', pid: 0 }),
    ];
    expect((await look({ application: well, list })).vantage.processes?.online).toBe(0);
  });

  it('leaves out a vantage that cannot see, and still says what HTTP says', async () => {
    const values = await look({ application: well, list: nobody, portUse: nobody });
    expect(values).toMatchObject({ application: { outcome: 'up' }, vantage: {} });
    expect(values.vantage).toEqual({});
  });

  it('keeps the half of the second vantage that sees', async () => {
    expect((await look({ application: well, list: nobody })).vantage).toEqual({ listening: true });
    expect((await look({ application: well, portUse: nobody })).vantage).toEqual({
      processes: { online: 1, expected: 2 },
    });
  });

  it('looks at the port that the application’s address names', async () => {
    const ports: number[] = [];
    await look({
      application: well,
      portUse: async (port) => {
        ports.push(port);
        return { listening: true, listeners: [], hidden: [], established: 0 };
      },
    });
    expect(ports[0]).toBeGreaterThan(1_024);
  });

  it('sends the headers of the probe set', async () => {
    const guarded: RequestListener = (request, response) =>
      request.headers['x-probe'] === 'yes' ? well(request, response) : void response.writeHead(401).end();
    expect((await look({ application: guarded })).application.outcome).toBe('up');
  });
});
