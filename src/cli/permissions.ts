import { Command, Option } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { permissionsOf, permissionsScript, type ServerName, servers } from '../config/permissions.ts';
import { RollbackdError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { configurationWithoutSecrets } from './configured-shape.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly server?: ServerName;
  readonly apply?: true;
}

const adminUri = 'ROLLBACKD_ADMIN_URI';

/** Needs neither the daemon nor, to print, its passwords: whoever administers the database has none of them. */
export const permissionsCommand = (terminal: Terminal): Command =>
  new Command('permissions')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .addOption(new Option('--server <name>', 'which one, where there are two').choices(servers))
    .option('--apply', `give the rights instead of printing the script: as the user of $${adminUri}`)
    .action(async ({ config: file, server, apply }: Options) => {
      if (apply) return writeLines(terminal, await applied(file, server, terminal));
      const config = configurationWithoutSecrets(file, terminal.environment);
      writeLines(terminal, [permissionsScript(config, server).trimEnd()]);
    });

async function applied(file: string, wanted: ServerName | undefined, { environment }: Terminal): Promise<string[]> {
  const uri = environment[adminUri];
  if (!uri) {
    throw new RollbackdError('not-configured', `$${adminUri} is not set`, {
      remedy: 'set it to the URI of a user who may administer users, for this command alone',
    });
  }
  const [{ faultText, loadConfig }, { applyRights }] = await Promise.all([
    import('../config/load.ts'),
    import('../adapters/mongo/apply-rights.ts'),
  ]);
  const loaded = loadConfig(file, environment);
  if (loaded.status === 'invalid') {
    throw new RollbackdError('config-invalid', loaded.faults.map(faultText).join('\n'), {
      remedy: 'mend it and see with `rollbackd check`: new users get the passwords that it names',
    });
  }
  const { mongo } = loaded.config;
  const { server, rights } = permissionsOf(loaded.config, wanted);
  const logins = Object.values(mongo.users ?? {});
  const done = await applyRights({
    uri: new Secret(uri),
    rights,
    passwordOf: ({ user, authSource }) =>
      logins.find((login) => login.user === user && login.authSource === authSource)?.password,
  });
  const { host, port } = mongo[server];
  return done.map(
    ({ user, made }) => `${host}:${port}: ${user} ${made ? 'is made' : 'has the roles that it should have'}`,
  );
}
