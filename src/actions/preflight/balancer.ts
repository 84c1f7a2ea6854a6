import { marked, switchPath } from '../../adapters/traffic/switch.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { describeSilence } from '../../probes/ask.ts';
import { steadily } from '../until.ts';
import type { World } from '../world.ts';
import type { Look } from './look.ts';

/**
 * That the balancer has our switch, and obeys: tried on a path of our own. The trial is set anew for each question, since another
 * process may be trying, too, or have been killed at it.
 */
export const balancer: Look = async (world, signal) => {
  if ((await world.traffic.state()).shows === 'maintenance') return [];
  const { maintenanceStatus, maintenanceFile } = world.settings.traffic;
  const tried = await answersSteadily(
    world,
    maintenanceStatus,
    () => world.traffic.tryMaintenance(() => askSwitch(world, signal)),
    signal,
  );
  if (tried !== undefined && !tried.isOurs) return [notIncluded(world, tried.said)];
  if (tried !== undefined) {
    const what = `the balancer does not show maintenance: with ${maintenanceFile}.trial there, ${switchPath} says ${tried.said}`;
    const mend = `see that nginx's workers can enter the folder of ${maintenanceFile}, and that rollbackd-maintenance.conf names that file`;
    return [{ what, mend }];
  }
  const after = await answersSteadily(world, 200, () => askSwitch(world, signal), signal);
  if (after === undefined) return [];
  const what = `the balancer goes on showing maintenance: without ${maintenanceFile}.trial, ${switchPath} says ${after.said}`;
  return [
    { what, mend: 'write `open_file_cache off;` in that server block; and see that nothing makes that file again' },
  ];
};

interface Said {
  readonly status: number;
  readonly isOurs: boolean;
  readonly said: string;
}

/** What it says instead. */
async function answersSteadily(
  world: World,
  status: number,
  ask: () => Promise<Said>,
  signal: AbortSignal,
): Promise<Said | undefined> {
  const { seen, steady } = await steadily(ask, (said) => said.isOurs && said.status === status, {
    forMs: world.settings.traffic.timeout,
    everyMs: 50,
    clock: world.clock,
    signal,
  });
  return steady ? undefined : seen;
}

async function askSwitch(world: World, signal: AbortSignal): Promise<Said> {
  const { target, probes } = world.settings;
  const { headers, isSwitch } = marked();
  const baseUrl = new URL(target.publicUrl).origin;
  const reply = await world.ask({ baseUrl, path: switchPath, timeoutMs: probes.timeout, headers }, signal);
  if (!reply.answered) return { status: 0, isOurs: false, said: describeSilence(reply.why) };
  const { status } = reply;
  const isOurs = isSwitch(reply.headers);
  return { status, isOurs, said: isOurs ? `status ${status}` : `status ${status}, but not as the switch answers` };
}

function notIncluded({ settings }: World, seen: string): Obstacle {
  return {
    what: `the balancer at ${settings.target.publicUrl} does not have rollbackd's switch: ${switchPath} says ${seen}`,
    mend: 'include deploy/nginx/rollbackd-maintenance.conf in the server block that users reach, and reload nginx (docs/permissions.md)',
  };
}
