import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, startBalancer } from '../../sandbox/servers/balancer.ts';
import { executablesOnPath } from '../../sandbox/tools/path-lookup.ts';
import { createWorkspace, type Workspace } from '../../sandbox/workspace/workspace.ts';
import { showMaintenance } from '../../src/actions/stop/show-maintenance.ts';
import type { World } from '../../src/actions/world.ts';
import { nginxAdapter } from '../../src/adapters/traffic/nginx.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createRunCommand } from '../../src/exec/run-command.ts';
import { askHttp } from '../../src/probes/ask.ts';
import { memoryLedger } from '../exec/memory-ledger.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

const [nginx] = executablesOnPath('nginx', `${process.env.PATH}:/usr/sbin:/usr/local/sbin`);
const kinds: Balancer['kind'][] = nginx ? ['nginx', 'proxy'] : ['proxy'];

describe.each(kinds)('behind the %s', (kind) => {
  let workspace: Workspace;
  let application: Server;
  let balancer: Balancer;
  let target: Target;

  beforeEach(async () => {
    workspace = await createWorkspace();
    // Its database is gone: it answers everything as a balancer in maintenance would.
    application = createServer((_, answer) => answer.writeHead(503).end('unhealthy')).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const appPort = (application.address() as AddressInfo).port;
    const tool = nginx && kind === 'nginx' ? ({ path: nginx, origin: 'path', version: '' } as const) : undefined;
    balancer = await startBalancer({ workspace, appPort, proxyHealth: true, nginx: tool });
    const applicationUrl = `http://127.0.0.1:${appPort}`;
    target = openTarget({
      target: {
        name: 'cafe',
        applicationUrl,
        publicUrl: balancer.url,
        tenants: [{ slug: 'negoes' }, { slug: 'kopi' }],
      },
    });
  });
  afterEach(async () => {
    target[Symbol.dispose]();
    application.close();
    application.closeAllConnections();
    await workspace[Symbol.asyncDispose]();
  });

  /** The step on the real balancer, driven by the given command. */
  const contextWith = (command: string) => {
    const { prefix, configFile, maintenanceFile } = balancer;
    const config = { ...target.settings.traffic, prefix, configFile, maintenanceFile, timeout: 10_000 };
    const traffic = nginxAdapter({
      config: { ...config, command: [command, '-e', 'logs/error.log'] },
      run: createRunCommand({ ledger: memoryLedger(), run: 'run-1', step: 'show-maintenance' }),
    });
    const world: World = { ...target.world, traffic, ask: askHttp, clock: systemClock };
    return target.context({ world });
  };

  /** As a kill -9 between the include and the reload leaves it. */
  async function writeWithoutReload(): Promise<void> {
    const deaf = join(workspace.root, 'deaf');
    writeFileSync(deaf, '#!/bin/sh\necho "test is successful" >&2\n');
    chmodSync(deaf, 0o755);
    await contextWith(deaf).world.traffic.showMaintenance(new AbortController().signal);
  }

  test('the application’s own 503 is not taken for maintenance, which is then really shown', async () => {
    await writeWithoutReload();
    const context = contextWith(balancer.command);
    await expect(showMaintenance.prove({ ...context, patient: false })).rejects.toMatchObject({
      reason: 'not-proven',
      message: expect.stringContaining("the application's own answer"),
    });
    await showMaintenance.perform?.(context);
    expect(await showMaintenance.prove(context)).toMatchObject({ status: 503 });
  });
});
