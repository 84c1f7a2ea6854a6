import { faultText } from '../config/load.ts';
import { loadWithoutSecrets } from '../config/load-without-secrets.ts';
import type { Config } from '../config/schema.ts';
import { RollbackdError } from '../core/errors.ts';

/** For commands that need none of the daemon's passwords, and people who have none. */
export function configurationWithoutSecrets(file: string, environment: NodeJS.ProcessEnv): Config {
  const loaded = loadWithoutSecrets(file, environment);
  if (loaded.status === 'valid') return loaded.config;
  const faults = loaded.faults.map(faultText).join('\n');
  throw new RollbackdError('config-invalid', `the configuration is not valid:\n${faults}`, {
    remedy: 'mend it and see with `rollbackd check`; only passwords may be missing here',
  });
}
