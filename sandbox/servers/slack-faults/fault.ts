/** What goes wrong with one method of the Web API. */
export type SlackFault =
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'broken'; readonly status: number }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'refused'; readonly error: string }
  /** It was done, and nobody is told. */
  | { readonly kind: 'reply-lost' };

/** A method's name, or `*` for every method without a fault of its own. */
export type SlackMethod = string;

export interface FaultTable {
  set(method: SlackMethod, fault: SlackFault, times: number): void;
  clear(): void;
  /** The fault of this call, which counts as one of its times. */
  take(method: string): SlackFault | undefined;
}

export function createFaultTable(): FaultTable {
  const faults = new Map<SlackMethod, { readonly fault: SlackFault; left: number }>();
  return {
    set: (method, fault, times) => void faults.set(method, { fault, left: times }),
    clear: () => faults.clear(),
    take(method) {
      const entry = faults.get(method) ?? faults.get('*');
      if (entry === undefined || entry.left <= 0) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
  };
}
