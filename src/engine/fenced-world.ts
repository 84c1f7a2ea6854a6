import type { World } from '../actions/world.ts';
import type { Fence } from './under-lease.ts';

/**
 * The same world, in which whatever stops, drops, starts or switches something asks at the fence first. Here and not in
 * front of the step: what a step reads before it acts takes minutes, and so may a process that stands still.
 */
export function fencedWorld(world: World, fence: Fence): World {
  const behind =
    <P extends unknown[], R>(act: (...parameters: P) => Promise<R>) =>
    async (...parameters: P): Promise<R> => {
      await fence();
      return act(...parameters);
    };
  const { process, traffic, tools, indexes, code, dependencies, env } = world;
  return {
    ...world,
    process: {
      ...process,
      stop: behind(process.stop),
      stopAndSave: behind(process.stopAndSave),
      release: behind(process.release),
      replace: behind(process.replace),
    },
    traffic: { ...traffic, showMaintenance: behind(traffic.showMaintenance), serve: behind(traffic.serve) },
    tools: { ...tools, restore: behind(tools.restore) },
    indexes: { ...indexes, create: behind(indexes.create) },
    code: { ...code, switchToLegacy: behind(code.switchToLegacy) },
    dependencies: { ...dependencies, moveIn: behind(dependencies.moveIn) },
    env: { ...env, switchToLegacy: behind(env.switchToLegacy) },
  };
}
