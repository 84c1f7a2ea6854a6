import { RollbackdError } from '../../core/errors.ts';
import type { SlackConfig } from '../../notify/schema.ts';
import type { PeopleConfig } from '../schema.ts';
import type { SlackDoor, SlackDoorDependencies } from './door.ts';

export interface ConfiguredSlack extends Omit<SlackDoorDependencies, 'slack' | 'people'> {
  /** As it is now: a reload counts for the next click. */
  readonly config: () => {
    readonly notify: { readonly slack?: SlackConfig | undefined };
    readonly people: PeopleConfig;
  };
}

/** Its libraries are loaded only where they are wanted. */
export async function openConfiguredSlack({ config, ...rest }: ConfiguredSlack): Promise<SlackDoor> {
  const { openSlackDoor } = await import('./door.ts');
  rest.onConnection(false);
  return openSlackDoor({ ...rest, slack: () => slackOf(config()), people: () => config().people });
}

function slackOf({ notify }: ReturnType<ConfiguredSlack['config']>): SlackConfig {
  if (notify.slack) return notify.slack;
  throw new RollbackdError('config-invalid', 'doors.slack needs notify.slack');
}
