import type { EventBody, EventKind } from '../model/event.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Engine } from './engine.ts';
import type { Planner } from './planner.ts';

/** Events that people or runs cause and that call for judging anew at once. */
const stirring: ReadonlySet<EventKind> = new Set<EventKind>([
  'approval.answered',
  'acting.unpaused',
  'mode.armed',
  'mode.changed',
  'containment.released',
  'run.finished',
  'run.acknowledged',
]);

interface Stirred {
  readonly notifier: Notifier;
  readonly engine: Engine;
  readonly planner: Planner;
  readonly signal: AbortSignal;
}

/** What has been written down, and whom it concerns. */
export function stir(body: EventBody, { notifier, engine, planner, signal }: Stirred): void {
  notifier.heard(body);
  if (stirring.has(body.kind)) engine.reconsider(signal);
  if (body.kind !== 'run.started' && body.kind !== 'run.resumed') return;
  engine.giveWay();
  planner.giveWay();
}
