/** Where the configuration lies when nobody says otherwise. Imports nothing, so that every command can afford it. */
export const defaultConfigFile = (environment: NodeJS.ProcessEnv): string =>
  environment.ROLLBACKD_CONFIG || '/etc/rollbackd/rollbackd.yaml';
