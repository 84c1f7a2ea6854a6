import { Command, Option } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { faultText } from '../config/load.ts';
import { loadWithoutSecrets } from '../config/load-without-secrets.ts';
import { permissionsScript, type ServerName, servers } from '../config/permissions.ts';
import { RollbackdError } from '../core/errors.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly server?: ServerName;
}

/** Needs neither the daemon nor its passwords: whoever administers the database has none of them. */
export const permissionsCommand = (terminal: Terminal): Command =>
  new Command('permissions')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .addOption(new Option('--server <name>', 'which one, where there are two').choices(servers))
    .action(({ config: file, server }: Options) => {
      const loaded = loadWithoutSecrets(file, terminal.environment);
      if (loaded.status === 'invalid') throw invalid(loaded.faults.map(faultText));
      writeLines(terminal, [permissionsScript(loaded.config, server).trimEnd()]);
    });

const invalid = (faults: readonly string[]) =>
  new RollbackdError('config-invalid', `the configuration is not valid:\n${faults.join('\n')}`, {
    remedy: 'mend it and see with `rollbackd check`; only passwords may be missing here',
  });
