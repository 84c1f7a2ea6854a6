export const faultNames = [
  'none',
  'leak',
  'outage',
  'slow',
  'errors',
  'one-tenant',
  'transient',
  'dbdown',
  'flap',
  'login',
  'feature',
  'burst',
] as const;
export type FaultName = (typeof faultNames)[number];

export interface FaultDetails {
  /** Whose requests fail in `one-tenant`; default: the first tenant. */
  readonly tenant?: string;
  /** How long `transient` lasts, in milliseconds; default: 5,000. */
  readonly lasts?: number;
}
