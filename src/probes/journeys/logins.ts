import type { Clock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import type { JourneyStep } from './schema.ts';
import type { Variables } from './variables.ts';

type LoginStep = Pick<JourneyStep, 'method' | 'path' | 'headers' | 'body' | 'save' | 'reuse' | 'every'>;

/** What logins have saved, in memory alone: they are used again, and no tenant logs in too often. */
export class Logins {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept = new Map<string, { readonly saved: Variables; readonly at: number }>();
  readonly #askedAt = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  reusable(step: LoginStep, tenant: string): Variables | undefined {
    const kept = this.#kept.get(keyOf(step, tenant));
    return kept && this.#clock.monotonic() - kept.at < step.reuse ? kept.saved : undefined;
  }

  /** Why the tenant may not log in now; if it may, it is taken for granted that it does. */
  whyTooSoon({ every }: LoginStep, tenant: string): string | undefined {
    const now = this.#clock.monotonic();
    const before = this.#askedAt.get(tenant);
    if (before !== undefined && now - before < every) return `logged in less than ${formatDuration(every)} ago`;
    this.#askedAt.set(tenant, now);
    return undefined;
  }

  keep(step: LoginStep, tenant: string, saved: Variables): void {
    this.#kept.set(keyOf(step, tenant), { saved, at: this.#clock.monotonic() });
  }

  forget(step: LoginStep, tenant: string): void {
    this.#kept.delete(keyOf(step, tenant));
  }
}

/** Whoever asks in the same way logs in the same way, in whatever journey. */
const keyOf = ({ method, path, headers, body, save }: LoginStep, tenant: string): string =>
  JSON.stringify([tenant, method, path, headers, body, save]);
