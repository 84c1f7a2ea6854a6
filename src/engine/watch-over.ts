import type { World } from '../actions/world.ts';
import { explain } from '../core/errors.ts';
import { messageId } from '../model/message-identity.ts';
import type { Memory } from './memory.ts';

export interface WatchDependencies {
  readonly world: World;
  readonly memory: Memory;
  readonly onFault: (fault: unknown) => void;
}

const lookEvery = 30_000;

/** While a rollback is watched: code and environment must stay what was restored. What is found is written down and told once. */
export async function watchOver(dependencies: WatchDependencies, signal: AbortSignal): Promise<void> {
  const { world, memory, onFault } = dependencies;
  while (!signal.aborted) {
    if (memory.state().watch) await look(dependencies, signal).catch(onFault);
    await world.clock.sleep(lookEvery, signal).catch(() => {});
  }
}

async function look({ world, memory }: WatchDependencies, signal: AbortSignal): Promise<void> {
  const { watch, runs } = memory.state();
  const commit = watch && runs.get(watch.run)?.plan.legacyCommit;
  if (!watch || commit === undefined) return;
  for (const finding of await changesSince(world, commit, signal)) {
    const { run, findings } = memory.state().watch ?? watch;
    if (findings.includes(finding)) continue;
    const subject = `${run}: what was restored has been changed`;
    memory.append(
      { kind: 'watch.found', run, finding },
      {
        kind: 'message.queued',
        message: messageId({
          about: 'run',
          id: run,
          topic: { kind: 'once', of: { what: 'changed', which: finding } },
        }),
        subject,
        text: finding,
        urgency: 'alarmed',
      },
    );
  }
}

async function changesSince(world: World, commit: string, signal: AbortSignal): Promise<string[]> {
  const { code, env } = world.settings;
  const there = await world.code.currentCommit(signal);
  const isLegacy = await world.env.isLegacy().catch((error: unknown) => explain(error));
  return [
    ...(there === commit
      ? []
      : [`${code.repository} is no longer at ${commit.slice(0, 10)}, but at ${there.slice(0, 10)}`]),
    ...(isLegacy === true ? [] : [`${env.file} is no longer the legacy one${isLegacy ? `: ${isLegacy}` : ''}`]),
  ];
}
