import type { Observation } from '../../model/observation.ts';
import type { Tell } from '../contract.ts';
import { type Asking, inquire } from './inquire.ts';
import { decides, type Inquiry } from './inquiry.ts';

export interface Bursting extends Asking {
  readonly tell: Tell;
  /** When the bursts of this look end, on the monotonic clock; one for all of them, from the first on. */
  readonly burstsEnd: () => number;
}

/**
 * Asks, and where a document of another tenant comes back, the same again at once, until the next one: an application
 * of which one process in eight leaks is so proven in seconds. Each answer is told as soon as it is there.
 */
export async function inquireUntilProven(bursting: Bursting, inquiry: Inquiry): Promise<Observation[]> {
  const first = await inquire(bursting, inquiry);
  if (!isLeak(first) || !decides(inquiry.route)) return [first];
  bursting.tell([first]);
  const again = await burst(bursting, inquiry);
  const { via, ...direct } = inquiry;
  // Who has leaked, the application or a cache in front of it, shows itself on the application's own port.
  return [first, ...again, ...(via ? await burst(bursting, direct) : [])];
}

async function burst(bursting: Bursting, inquiry: Inquiry): Promise<Observation[]> {
  const { clock, probes, tell } = bursting;
  const end = bursting.burstsEnd();
  const answers: Observation[] = [];
  while (answers.length < probes.leakBurst && clock.monotonic() < end) {
    const answer = await inquire(bursting, inquiry);
    answers.push(answer);
    tell([answer]);
    if (isLeak(answer)) break;
  }
  return answers;
}

const isLeak = (seen: Observation): boolean =>
  seen.probe === 'isolation' && seen.status === 'observed' && seen.values.foreign.length > 0;
