/** How the sandbox left a legacy database: dropped, as it is in the backup, or with documents changed, added and removed since. */
export type LegacyState = 'absent' | 'equal' | 'different';
