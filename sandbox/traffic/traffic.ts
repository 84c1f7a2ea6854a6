export interface TrafficOptions {
  readonly publicUrl: string;
  readonly slugs: readonly string[];
  /** Default: 20. */
  readonly requestsPerSecond?: number;
  /** Ends by itself after so many requests; default: 40,000. */
  readonly maximumRequests?: number;
  /** Ends by itself after this time; default: 30 minutes. */
  readonly maximumMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** Sees every answered menu, for whoever wants to know what clients were given. */
  readonly onMenu?: (answer: MenuAnswer) => void;
}

export interface MenuAnswer {
  readonly slug: string;
  readonly status: number;
  readonly at: number;
  readonly body: string;
}

export interface TrafficCounts {
  readonly sent: number;
  /** Answers by status; `failed`: no answer at all; `skipped`: too many were still open. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly skipped: number;
  readonly ordersWritten: number;
}

/** Customers of the café: menus for every tenant, some units, and some orders whose id begins with `traffic-`. Disposing ends it. */
export interface Traffic extends AsyncDisposable {
  counts(): TrafficCounts;
  /** From now on so many requests a second. */
  setRate(requestsPerSecond: number): void;
  readonly running: boolean;
  stop(): Promise<void>;
}
