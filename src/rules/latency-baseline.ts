/** How fast the legacy system was on one route: p95 in ms, with where the number comes from. */
export interface RouteBaseline {
  readonly p95: number;
  readonly source: string;
  /** By hour of the day (UTC, 0 to 23), where enough is known of that hour. */
  readonly hours?: ReadonlyMap<number, number>;
}

export type LatencyBaseline = ReadonlyMap<string, RouteBaseline>;

/** What counts at that moment: the hour's own number where there is one. */
export const baselineAt = ({ p95, hours }: RouteBaseline, at: number): number => hours?.get(hourOf(at)) ?? p95;

/** Which number that is, for people. */
export function sourceAt({ source, hours }: RouteBaseline, at: number): string {
  const hour = hourOf(at);
  return hours?.has(hour)
    ? `of ${String(hour).padStart(2, '0')}:00 to ${String(hour).padStart(2, '0')}:59 UTC in ${source}`
    : source;
}

const hourOf = (at: number): number => new Date(at).getUTCHours();
