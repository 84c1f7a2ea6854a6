import type { Clock } from '../../../core/clock.ts';
import type { DaemonState, ShownCard } from '../../../incident/daemon-state.ts';
import type { Incident } from '../../../incident/state.ts';
import type { EventBody } from '../../../model/event.ts';
import { backoff } from '../../backoff.ts';
import { type Card, type CardContext, faceOf, plainCard, renderCard } from './card.ts';
import { failureOf } from './failure.ts';
import type { Line } from './line.ts';
import type { Place, Poster } from './post.ts';
import type { SlackWeb } from './web.ts';

export interface CardsDependencies {
  readonly web: SlackWeb;
  readonly line: Line;
  readonly poster: Poster;
  readonly channel: string;
  /** Asked anew each time: whether the buttons work comes and goes. */
  readonly context: () => CardContext;
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Clock;
  /** Slack would not show it. That the journal does not take what was shown is told by whoever keeps it. */
  readonly onFailure: (incident: string, error: unknown) => void;
  /** No card that should change is behind any more. */
  readonly onUpToDate: () => void;
}

const roundEvery = 1_000;
/** The message is gone, or cannot be changed any more: another one takes its place. */
const gone: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Keeps one message for each incident that shows it as the journal has it. */
export class Cards {
  readonly #dependencies: CardsDependencies;
  /** Shown, while the journal could not take it. */
  readonly #unwritten = new Map<string, ShownCard>();
  readonly #waiting = new Map<string, { readonly failures: number; readonly until: number }>();
  #isBehind = false;
  #working: Promise<unknown> = Promise.resolve();
  #wake = () => {};

  constructor(dependencies: CardsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Something has happened: do not wait for the next round. */
  wake(): void {
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    while (!signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      for (const incident of this.#stale()) await this.#tryToShow(incident, signal);
      this.#forgetTroubles();
      await Promise.race([woken, clock.sleep(roundEvery, signal).catch(() => {})]);
    }
  }

  /** Where the incident's thread is; its card is posted where there is none yet. Errors: what the SDK throws. */
  async placeOf(incident: string, signal: AbortSignal): Promise<Place> {
    const known = this.#shown(incident);
    if (known && this.#isHere(known)) return known;
    await this.#alone(() => this.#show(incident, signal));
    const shown = this.#shown(incident);
    if (!shown) throw new Error(`there is no incident ${incident}`);
    return shown;
  }

  /** Somebody may have named another channel since it was posted; Slack may call the same one otherwise. */
  #isHere({ channel, configured = channel }: ShownCard): boolean {
    return configured === this.#dependencies.channel;
  }

  #shown(incident: string): ShownCard | undefined {
    return this.#unwritten.get(incident) ?? this.#dependencies.state().cards.get(incident);
  }

  /** Incidents whose card may have to change, and now is the time to try. */
  #stale(): string[] {
    const { state, clock } = this.#dependencies;
    return [...state().incidents.keys()].filter(
      (id) => this.#isWanted(id) && (this.#waiting.get(id)?.until ?? 0) <= clock.monotonic(),
    );
  }

  /** That of a closed incident is changed once more. */
  #isWanted(id: string): boolean {
    const { cards, openIncident } = this.#dependencies.state();
    const shown = cards.get(id);
    return (shown ? !shown.final : id === openIncident) || this.#unwritten.has(id);
  }

  async #tryToShow(incident: string, signal: AbortSignal): Promise<void> {
    const { clock, onFailure } = this.#dependencies;
    try {
      await this.#alone(() => this.#show(incident, signal));
    } catch (error) {
      if (signal.aborted) return;
      const failures = (this.#waiting.get(incident)?.failures ?? 0) + 1;
      const wait = Math.max(backoff(failures), failureOf(error).retryAfterMs ?? 0);
      this.#waiting.set(incident, { failures, until: clock.monotonic() + wait });
      this.#isBehind = true;
      onFailure(incident, error);
    }
  }

  #forgetTroubles(): void {
    for (const id of this.#waiting.keys()) if (!this.#isWanted(id)) this.#waiting.delete(id);
    if (!this.#isBehind || this.#waiting.size > 0) return;
    this.#isBehind = false;
    this.#dependencies.onUpToDate();
  }

  /** The keeper and the messages of a thread may want the same card. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#working.then(work, work);
    this.#working = mine.catch(() => {});
    return mine;
  }

  async #show(id: string, signal: AbortSignal): Promise<void> {
    const { state, clock, context } = this.#dependencies;
    const { incidents, runs } = state();
    const incident = incidents.get(id);
    if (!incident) return;
    const run = 'run' in incident ? runs.get(incident.run) : undefined;
    const card = renderCard(incident, run, context(), clock.now());
    const face = faceOf(card);
    const final = incident.status === 'closed';
    const known = this.#shown(id);
    const isSame = known?.face === face && known.final === final && this.#isHere(known);
    if (!isSame) {
      const place = await this.#put(incident, known, card, signal);
      this.#unwritten.set(id, { ...place, configured: this.#dependencies.channel, face, final });
    }
    this.#waiting.delete(id);
    this.#write(id);
  }

  /** A journal that is full is no trouble of Slack's: what was shown is written down as soon as it can be. */
  #write(id: string): void {
    const shown = this.#unwritten.get(id);
    if (!shown) return;
    try {
      this.#dependencies.append({ kind: 'card.shown', incident: id, ...shown });
      this.#unwritten.delete(id);
    } catch {
      // Tried again in the next round.
    }
  }

  /** A card that Slack will not take is still a place for the thread, and says where the rest is. */
  async #put(incident: Incident, known: ShownCard | undefined, card: Card, signal: AbortSignal): Promise<Place> {
    const put = (shown: Card) => {
      if (!known) return this.#post(incident, shown, signal);
      if (!this.#isHere(known)) return this.#replace(incident, known, shown, signal);
      return this.#update(incident, known, shown, signal);
    };
    try {
      return await put(card);
    } catch (error) {
      if (failureOf(error).about !== 'content') throw error;
      return put(plainCard(card));
    }
  }

  #post({ id, openedAt }: Incident, { text, blocks }: Card, signal: AbortSignal): Promise<Place> {
    const { poster, channel } = this.#dependencies;
    return poster.post({ id: `${id}/card`, since: openedAt, channel, text, blocks }, signal);
  }

  async #update(incident: Incident, at: Place, { text, blocks }: Card, signal: AbortSignal): Promise<Place> {
    const { web, line } = this.#dependencies;
    const { channel, ts } = at;
    try {
      await line.call(() => web.chat.update({ channel, ts, text, blocks: [...blocks] }), signal);
      return { channel, ts };
    } catch (error) {
      if (!gone.has(failureOf(error).error ?? '')) throw error;
      return this.#replace(incident, at, { text, blocks }, signal);
    }
  }

  /** Under an id of its own: what is gone must not be found again, while a replacement from before a crash must. */
  #replace({ id, openedAt }: Incident, { ts }: Place, { text, blocks }: Card, signal: AbortSignal): Promise<Place> {
    const { poster, channel } = this.#dependencies;
    return poster.post({ id: `${id}/card-after-${ts}`, since: openedAt, channel, text, blocks }, signal);
  }
}
