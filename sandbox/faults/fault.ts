export const faultNames = ['none', 'leak', 'outage'] as const;
export type FaultName = (typeof faultNames)[number];
