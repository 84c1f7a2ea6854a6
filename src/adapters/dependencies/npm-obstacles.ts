import { explain } from '../../core/errors.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { lookWithNpm, type NpmOptions } from './npm-command.ts';
import { npmHomeRefusals } from './npm-home.ts';

/** Why no installation could succeed on this host. */
export async function npmObstacles(options: NpmOptions, signal: AbortSignal): Promise<Obstacle[]> {
  const { config, home } = options;
  const homeless = await npmHomeRefusals({ ...home, configured: config.home });
  if (homeless.length > 0) return homeless;
  const folder = config.home ?? '/';
  const { exitCode, stdout } = await lookWithNpm(options, ['--version'], folder, signal);
  if (exitCode !== 0 || !/^\d+\.\d+\.\d+/.test(stdout)) {
    return [{ what: `dependencies.program ${config.program} says no version`, mend: 'name the npm program there' }];
  }
  // Whoever installs from the cache alone says so.
  return config.install.includes('--offline') ? [] : registryObstacles(options, folder, signal);
}

/** Once, and not for as long as npm would try. */
const ping = ['ping', '--fetch-retries=0', '--fetch-timeout=10000'];

async function registryObstacles(options: NpmOptions, folder: string, signal: AbortSignal): Promise<Obstacle[]> {
  const mend =
    'let this host reach the registry (dependencies.environment holds a proxy or a token), or fill the cache and install with --offline';
  try {
    const { exitCode } = await lookWithNpm(options, ping, folder, signal);
    return exitCode === 0 ? [] : [{ what: "npm's registry does not answer", mend }];
  } catch (error) {
    signal.throwIfAborted();
    return [{ what: `npm's registry could not be asked: ${explain(error)}`, mend }];
  }
}
