import type { Lease } from '../adapters/mongo/contract.ts';
import type { Clock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import { leaseTtl } from './lease-ttl.ts';

export interface UnderLeaseDependencies {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onFault: (fault: unknown) => void;
}

/** Asked right before something is done to the target that another daemon must not find done behind its back. */
export type Fence = () => Promise<void>;

/** What the lease gives to whoever works under it. */
export interface Leased {
  readonly fence: Fence;
  /** Aborted with the refusal as soon as another daemon has the lease, and when the daemon stops. */
  readonly signal: AbortSignal;
}

/**
 * Keeps the lease for as long as the work takes. Another holder ends the work at once: this process may have stood still for
 * a while, and what it goes on with is not its own any more. A server that is out of reach ends nothing: to stop half-way
 * would be worse, and who cannot be asked has told nobody else.
 */
export async function underLease<T>(
  dependencies: UnderLeaseDependencies,
  epoch: number,
  work: (leased: Leased) => Promise<T>,
): Promise<T> {
  const { lease, signal, onFault } = dependencies;
  const lost = new AbortController();
  const over = new AbortController();
  const renew = async (within: AbortSignal): Promise<void> => {
    lost.signal.throwIfAborted();
    await lease.acquire(leaseTtl, within, { epoch }).catch((fault: unknown) => {
      if (isHeld(fault)) lost.abort(fault);
      else if (!within.aborted) onFault(fault);
    });
    lost.signal.throwIfAborted();
  };
  const renewing = renewFromTimeToTime(dependencies, renew, AbortSignal.any([signal, lost.signal, over.signal]));
  const leased = AbortSignal.any([signal, lost.signal]);
  try {
    return await work({ fence: () => renew(signal), signal: leased });
  } finally {
    over.abort();
    await renewing;
  }
}

async function renewFromTimeToTime(
  { clock }: UnderLeaseDependencies,
  renew: (within: AbortSignal) => Promise<void>,
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    await clock.sleep(leaseTtl / 3, until).catch(() => {});
    if (!until.aborted) await renew(until).catch(() => {});
  }
}

export const isHeld = (fault: unknown): boolean => fault instanceof RollbackdError && fault.reason === 'lease-held';
