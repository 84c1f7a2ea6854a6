/** 2026-11-23T03:02:11Z: to the second, which is what people compare with their logs. */
export const formatInstant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
