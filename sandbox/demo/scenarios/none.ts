import axios from 'axios';
import { rollbackd } from '../program.ts';
import type { Stage } from '../stage.ts';
import { readStatus } from '../status.ts';
import { leak } from './leak.ts';
import type { Outcome } from './outcome.ts';

const quietMs = 15_000;
/** Least number of looks in that time: half of what the configured pace gives. */
const leastLooks = { control: 12, health: 12, isolation: 5, mongo: 5, tenants: 1 } as const;

/** Nothing is wrong: rollbackd must look often and do nothing. Then the same process must catch a leak. */
export async function none(stage: Stage, { byHand }: { readonly byHand: boolean }): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  const before = await countLooks(stage.metricsUrl);
  if (byHand) say((await rollbackd('rollback', '--reason', 'for no reason', '--socket', config.socket)).output);
  await new Promise((resolve) => setTimeout(resolve, quietMs));
  const after = await countLooks(stage.metricsUrl);
  const blind = Object.entries(leastLooks).flatMap(([probe, least]) => {
    const looks = (after.get(probe) ?? 0) - (before.get(probe) ?? 0);
    // It looks less often than this scenario lasts: what counts is that it has looked at all.
    const counted = probe === 'tenants' ? (after.get(probe) ?? 0) : looks;
    say(`probe ${probe} observed ${counted} times${probe === 'tenants' ? ' since the start' : ''}`);
    return counted < least ? [`probe ${probe} observed only ${counted} times`] : [];
  });
  const status = await readStatus(config.socket);
  const { findings } = await sandbox.oracle.judgeUntouched();
  const amiss = [...blind, ...findings, ...(status?.incident ? [`an incident was opened: ${status.incident.id}`] : [])];
  if (amiss.length > 0) return { amiss, status, perTenant: [] };
  say('nothing was done, and nothing was changed; now the same process must catch a leak');
  return leak(stage);
}

/** Observations per probe since the daemon's start, as Prometheus would see them. */
async function countLooks(metricsUrl: string): Promise<Map<string, number>> {
  const { data } = await axios.get<string>(metricsUrl, { responseType: 'text' });
  const looks = new Map<string, number>();
  for (const [, labels, value] of data.matchAll(/^rollbackd_probe_observations_total\{(.*)\} (\d+)$/gm)) {
    const probe = /probe="(\w+)"/.exec(labels ?? '')?.[1];
    if (probe && labels?.includes('status="observed"')) looks.set(probe, Number(value));
  }
  return looks;
}
