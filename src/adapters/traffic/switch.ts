import { randomBytes } from 'node:crypto';

/** The names that deploy/nginx/rollbackd-maintenance.conf uses, in small letters, as answers are read. */
const askHeader = 'x-rollbackd-ask';
export const maintenanceHeader = 'x-rollbackd-maintenance';
const switchHeader = 'x-rollbackd-switch';
/** Answered by the balancer itself, also while users are served. */
export const switchPath = '/.rollbackd/switch';

type Headers = Readonly<Record<string, string>>;

/** A question whose answer by the balancer's switch cannot be mistaken for the application's, or for what some cache kept. */
export interface Marked {
  readonly headers: Headers;
  isMaintenance(answered: Headers): boolean;
  isSwitch(answered: Headers): boolean;
}

export function marked(): Marked {
  const value = randomBytes(8).toString('hex');
  return {
    headers: { [askHeader]: value },
    isMaintenance: (answered) => answered[maintenanceHeader] === `shown ${value}`,
    isSwitch: (answered) => answered[switchHeader] === `asked ${value}`,
  };
}
