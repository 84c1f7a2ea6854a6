import type { TargetConfig } from './schema.ts';

/** The port the application listens on, as its URL says. */
export function applicationPort({ target }: { readonly target: Pick<TargetConfig, 'applicationUrl'> }): number {
  const { port, protocol } = new URL(target.applicationUrl);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
