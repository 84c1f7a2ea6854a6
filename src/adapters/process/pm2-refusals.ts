import { TAG_VARIABLE } from '../../exec/child-record.ts';
import type { ProcessIdentity } from '../../model/child.ts';
import { obstacleOf } from '../../model/obstacle.ts';
import type { ProcessInspection } from '../host/contract.ts';
import type { Refusal } from './contract.ts';
import { findDaemon, noDaemon, type Pm2Access, type Pm2Client, startPm2 } from './pm2-client.ts';
import type { ListedApp } from './pm2-list.ts';
import { readSaved, type SavedApp } from './pm2-saved.ts';

const ownService = 'let the application\'s pm2 be started by a service of its own ("pm2 startup"), as its owner';

export async function pm2Refusals(
  { config, host }: Pick<Pm2Access, 'config' | 'host'>,
  client: Pm2Client,
  signal: AbortSignal,
): Promise<Refusal[]> {
  const daemon = await findDaemon(config.home, host);
  if (daemon === undefined) return [{ against: 'acting', reason: noDaemon(config.home), mend: startPm2 }];
  const apps = await client.listAll(signal);
  const untrusted = await againstDaemon(daemon, host);
  return [
    ...untrusted.map((reason): Refusal => ({ against: 'acting', reason, mend: ownService })),
    ...(await againstCommand(client, signal)),
    ...againstSchedules(apps, config.names),
    ...(await againstSavingIn(config, apps)),
  ];
}

/** What a run will call once users are stopped is called before. */
async function againstCommand(client: Pm2Client, signal: AbortSignal): Promise<Refusal[]> {
  try {
    await client.tryCommand(signal);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    const { what, mend } = obstacleOf(error);
    return [{ against: 'acting', reason: what, mend }];
  }
}

/** A list that cannot be read hinders nobody from stopping what runs. */
async function againstSavingIn({ home, names }: Pm2Access['config'], apps: readonly ListedApp[]): Promise<Refusal[]> {
  try {
    return againstSaving(apps, await readSaved(home), names);
  } catch (error) {
    const { what, mend } = obstacleOf(error);
    return [{ against: 'saving', reason: what, mend }];
  }
}

/** What we started, or what lives in our own unit, goes down with us: the application with it. */
async function againstDaemon(daemon: ProcessIdentity, host: ProcessInspection): Promise<string[]> {
  const who = `The pm2 daemon (process ${daemon.pid})`;
  const reasons: string[] = [];
  if ((await host.ancestors(daemon.pid)).includes(process.pid)) reasons.push(`${who} was started by rollbackd itself.`);
  const environment = await host.environment(daemon, [TAG_VARIABLE]);
  if (environment === undefined) reasons.push(`${who} does not let us read its environment: it is another user's.`);
  if (environment?.[TAG_VARIABLE] !== undefined) reasons.push(`${who} was started by a command of rollbackd.`);
  const unit = await host.serviceUnit(process.pid);
  if (unit !== undefined && unit === (await host.serviceUnit(daemon.pid))) {
    reasons.push(`${who} lives in rollbackd's own unit ${unit}: stopping the one would stop the other.`);
  }
  return reasons;
}

function againstSchedules(apps: readonly ListedApp[], names: readonly string[]): Refusal[] {
  return apps
    .filter(({ name, restartsBySchedule }) => restartsBySchedule && names.includes(name))
    .map(({ name, managerId }) => {
      const reason = `${name} (${managerId}) has a cron_restart: pm2 would start it again after a stop.`;
      const mend = 'take cron_restart out of its definition, then delete, start and save it';
      return { against: 'staying', reason, mend };
    });
}

/** Saving writes the list as it is now: what is saved but not there any more would be forgotten. */
export function againstSaving(
  apps: readonly ListedApp[],
  saved: readonly SavedApp[],
  names: readonly string[],
): Refusal[] {
  const foreign = new Set(saved.map(({ name }) => name).filter((name) => !names.includes(name)));
  return [...foreign]
    .filter((name) => !apps.some((app) => app.name === name))
    .map((name) => {
      const reason = `pm2 has saved ${name}, which is not the target's and not in its list now: saving would forget it.`;
      return { against: 'saving', reason, mend: `start ${name} again, or forget it yourself with "pm2 save"` };
    });
}
