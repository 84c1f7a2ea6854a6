import { marked, switchPath } from '../../adapters/traffic/switch.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { describeSilence, type Reply } from '../../probes/ask.ts';
import { steadily } from '../until.ts';
import type { World } from '../world.ts';
import type { Look } from './look.ts';

/** That the balancer has our switch, and obeys: tried on a path of our own. */
export const balancer: Look = async (world, signal) => {
  if ((await world.traffic.state()).shows === 'maintenance') return [];
  const { maintenanceStatus, maintenanceFile } = world.settings.traffic;
  const before = await answersSteadily(world, 200, signal);
  if (before !== undefined) return [notIncluded(world, before)];
  const tried = await world.traffic.tryMaintenance(() => answersSteadily(world, maintenanceStatus, signal));
  if (tried === undefined) return [];
  const what = `the balancer does not show maintenance: with ${maintenanceFile}.trial there, ${switchPath} says ${tried}`;
  const mend = `see that nginx's workers can enter the folder of ${maintenanceFile}, and that rollbackd-maintenance.conf names that file`;
  return [{ what, mend }];
};

/** What it says instead. */
async function answersSteadily(world: World, status: number, signal: AbortSignal): Promise<string | undefined> {
  const { seen, steady } = await steadily(
    () => askSwitch(world, signal),
    (said) => said === `status ${status}`,
    { forMs: world.settings.traffic.timeout, everyMs: 50, clock: world.clock, signal },
  );
  return steady ? undefined : seen;
}

async function askSwitch(world: World, signal: AbortSignal): Promise<string> {
  const { target, probes } = world.settings;
  const { headers, isSwitch } = marked();
  const baseUrl = new URL(target.publicUrl).origin;
  const reply = await world.ask({ baseUrl, path: switchPath, timeoutMs: probes.timeout, headers }, signal);
  return reply.answered ? said(reply, isSwitch(reply.headers)) : describeSilence(reply.why);
}

const said = ({ status }: Extract<Reply, { answered: true }>, isOurs: boolean): string =>
  isOurs ? `status ${status}` : `status ${status}, but not as the switch answers`;

function notIncluded({ settings }: World, seen: string): Obstacle {
  return {
    what: `the balancer at ${settings.target.publicUrl} does not have rollbackd's switch: ${switchPath} says ${seen}`,
    mend: 'include deploy/nginx/rollbackd-maintenance.conf in the server block that users reach, and reload nginx (docs/permissions.md)',
  };
}
