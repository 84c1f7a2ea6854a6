import type { Clock } from '../../core/clock.ts';
import { RollbackdError } from '../../core/errors.ts';
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
    const { web, clock, onFault } = this.#dependencies;
    const over = new AbortController();
    const late = clock.sleep(withinMs, over.signal).then(() => {
      throw new RollbackdError('no-answer', 'Slack did not say in time who is in it');
    });
    try {
      const asked = web().usergroups.users.list({ usergroup: group });
      const { users = [] } = await Promise.race([asked, late]);
      return new Set(users);
    } catch (error) {
      this.#known.set(group, { members: Promise.resolve(nobody), until: clock.monotonic() + askAgainAfterMs });
      onFault(group, failureOf(error).reason);
      return nobody;
    } finally {
      late.catch(() => {});
      over.abort();
    }
  }
}

const nobody: ReadonlySet<string> = new Set();
