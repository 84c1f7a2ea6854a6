import { Command, Option } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { permissionsScript, type ServerName, servers } from '../config/permissions.ts';
import { configurationWithoutSecrets } from './configured-shape.ts';
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
      const config = configurationWithoutSecrets(file, terminal.environment);
      writeLines(terminal, [permissionsScript(config, server).trimEnd()]);
    });
