import type { RollbackSettings } from './world.ts';

/** The port the application listens on, as its URL says. */
export function applicationPort({ target }: Pick<RollbackSettings, 'target'>): number {
  const { port, protocol } = new URL(target.applicationUrl);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
