import type { Clock } from '../../core/clock.ts';
import type { Role } from '../../model/person.ts';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import type { SlackWeb } from '../../notify/channels/slack/web.ts';
import type { SlackDoorConfig } from '../schema.ts';

export interface GroupsDependencies {
  readonly groups: SlackDoorConfig['groups'];
  readonly web: () => Pick<SlackWeb, 'usergroups'>;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly onFault: (group: string, reason: string) => void;
}

interface Known {
  readonly members: Promise<ReadonlySet<string>>;
  readonly until: number;
}

/** Slack allows twenty questions a minute. */
const keptMs = 60_000;
/** A click is acknowledged within three seconds, whatever Slack has to say about its groups. */
const withinMs = 1_500;
const askAgainAfterMs = 5_000;

/** Roles that come from user groups. A group that cannot be read has no members: nobody gains by trouble. */
export class Groups {
  readonly #dependencies: GroupsDependencies;
  readonly #known = new Map<string, Known>();

  constructor(dependencies: GroupsDependencies) {
    this.#dependencies = dependencies;
  }

  async rolesOf(user: string): Promise<Role[]> {
    const held = this.#dependencies.groups.map(async ({ id, role }) =>
      (await this.#members(id)).has(user) ? [role] : [],
    );
    return (await Promise.all(held)).flat();
  }

  #members(group: string): Promise<ReadonlySet<string>> {
    const { clock } = this.#dependencies;
    const known = this.#known.get(group);
    if (known && clock.monotonic() < known.until) return known.members;
    const members = this.#ask(group);
    this.#known.set(group, { members, until: clock.monotonic() + keptMs });
    return members;
  }

  async #ask(group: string): Promise<ReadonlySet<string>> {
    const over = new AbortController();
    const asked = this.#membersBySlack(group);
    const late = this.#dependencies.clock.sleep(withinMs, over.signal).then(
      () => 'late' as const,
      () => undefined,
    );
    const members = await Promise.race([asked, late]);
    over.abort();
    if (members !== 'late') return members ?? nobody;
    this.#askAgainLater(group, 'Slack did not say in time who is in it', askAgainAfterMs);
    // Too late for this click, and in time for the next.
    void asked.then((found) => found && this.#remember(group, found));
    return nobody;
  }

  /** `undefined` where Slack does not say: that is told by then. */
  async #membersBySlack(group: string): Promise<ReadonlySet<string> | undefined> {
    try {
      const { users = [] } = await this.#dependencies.web().usergroups.users.list({ usergroup: group });
      return new Set(users);
    } catch (error) {
      const { reason, retryAfterMs = 0 } = failureOf(error);
      this.#askAgainLater(group, reason, Math.max(askAgainAfterMs, retryAfterMs));
      return undefined;
    }
  }

  #remember(group: string, members: ReadonlySet<string>): void {
    const until = this.#dependencies.clock.monotonic() + keptMs;
    this.#known.set(group, { members: Promise.resolve(members), until });
  }

  #askAgainLater(group: string, reason: string, afterMs: number): void {
    const { clock, onFault } = this.#dependencies;
    this.#known.set(group, { members: Promise.resolve(nobody), until: clock.monotonic() + afterMs });
    onFault(group, reason);
  }
}

const nobody: ReadonlySet<string> = new Set();
