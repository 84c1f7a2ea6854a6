import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import type { TrafficAdapter } from './contract.ts';
import type { TrafficConfig } from './schema.ts';

/**
 * A balancer that shows maintenance while a file is there (deploy/nginx/rollbackd-maintenance.conf): it looks at each request, so
 * nothing is reloaded, no program is called, and no configuration that root's nginx reads is anybody else's to write.
 */
export function flagFileAdapter({ maintenanceFile }: Pick<TrafficConfig, 'maintenanceFile'>): TrafficAdapter {
  const trial = `${maintenanceFile}.trial`;
  return {
    showMaintenance: () => create(maintenanceFile),
    serve: () => remove(maintenanceFile),
    state: async () => ({ shows: (await isThere(maintenanceFile)) ? 'maintenance' : 'application' }),
    async tryMaintenance(whileTried) {
      await create(trial);
      try {
        return await whileTried();
      } finally {
        await remove(trial);
      }
    },
    describe: (what) => [what === 'serve' ? `rm ${maintenanceFile}` : `touch ${maintenanceFile}`],
  };
}

async function create(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o644)).close();
    await keepOnDisk(file);
  } catch (cause) {
    throw failed(`${file} cannot be written`, cause);
  }
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
    await keepOnDisk(file);
  } catch (cause) {
    throw failed(`${file} cannot be removed`, cause);
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw failed(`whether ${file} is there cannot be seen`, cause);
  }
}

/** It must outlive a loss of power: who comes back would find users let in. */
async function keepOnDisk(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const failed = (what: string, cause: unknown) =>
  new RollbackdError('traffic', `${what} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
    remedy:
      'make its folder one that rollbackd may write and that is no part of a configuration (docs/permissions.md).',
    cause,
  });
