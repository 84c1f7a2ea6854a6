/** How fast the legacy system was, route by route: p95 in ms, each with where the number comes from. */
export type LatencyBaseline = ReadonlyMap<string, { readonly p95: number; readonly source: string }>;
