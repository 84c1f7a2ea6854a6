import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { untilServing } from '../repository/launch.ts';
import { writeLegacyEnv } from '../repository/write-env.ts';
import type { Mongod } from '../servers/mongod.ts';
import { startProcess } from '../servers/start-process.ts';
import type { SandboxUsers } from '../servers/users.ts';
import { ask } from '../traffic/ask.ts';
import { endProcess } from '../workspace/end-process.ts';
import { type Entrance, legacyUri } from './entrance.ts';
import type { SitePlan } from './site-plan.ts';

const REQUESTS = 300;
const MOST_MS = 6_000;
const PATIENCE_MS = 5_000;
/** One request in so many is for something else than the menu. */
const OTHER_EVERY = 10;

export interface LegacyDays {
  readonly folder: string;
  readonly mongod: Mongod;
  readonly users: SandboxUsers;
}

/** The legacy café in service, from a folder of its own that goes with it. */
export async function startLegacyCafe(
  plan: SitePlan,
  { appPort, appUrl, host }: Entrance,
  { folder, mongod, users }: LegacyDays,
): Promise<AsyncDisposable> {
  await writeLegacyEnv(folder, { port: appPort, host, legacyUri: legacyUri(plan, mongod, users) });
  const node = plan.tools.targetNode.path;
  const running = await startProcess({
    workspace: plan.workspace,
    what: 'legacy café',
    command: node,
    args: ['server.js'],
    cwd: folder,
    environment: { PATH: `${dirname(node)}:/usr/bin:/bin`, NODE_ENV: 'production' },
    logFile: `${folder}.log`,
  });
  await untilServing(appUrl);
  return {
    async [Symbol.asyncDispose]() {
      await endProcess(running);
      await rm(folder, { recursive: true });
    },
  };
}

/** Its last customers: what they were answered in is in the access log, and they only read, since the backup has been taken. */
export async function serveLegacyCustomers({ seed }: SitePlan, { balancer }: Entrance): Promise<void> {
  const slugs = seed.tenants.map(({ slug }) => slug);
  const deadline = performance.now() + MOST_MS;
  for (let number = 0; number < REQUESTS && performance.now() < deadline; number++) {
    const slug = slugs[number % slugs.length] ?? '';
    const path = number % OTHER_EVERY === OTHER_EVERY - 1 ? '/api/units' : '/api/menu';
    const { status } = await ask(`${balancer.url}${path}`, { slug, userAgent: 'cafe-traffic', timeoutMs: PATIENCE_MS });
    if (status !== 200) throw new Error(`The legacy café answered ${slug} ${status}`);
  }
}
