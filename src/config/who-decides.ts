import { quorumFor } from '../incident/quorum.ts';
import { emptySeats } from '../incident/seats.ts';
import type { Quorum } from '../model/approval.ts';
import { type Tier, tier } from '../model/tier.ts';
import type { Config } from './schema.ts';

type Parts = Pick<Config, 'people' | 'doors' | 'notify'>;
type Person = Config['people'][number];

/** Questions that too few could answer, by all doors together or by one of them: said before there is one. */
export const undecidable = (config: Parts): string[] => [
  ...tier.options.flatMap((of) => undecidableTier(config, of)),
  ...groupsWithoutCommandLine(config),
  ...(config.notify.escalation.length > 0
    ? []
    : ['notify.escalation is empty: nobody is named when the hour of a severe breach passes without an answer']),
];

function undecidableTier({ people, doors }: Parts, of: Tier): string[] {
  const quorum = quorumFor(of);
  const byCommandLine = people.filter(({ uid }) => uid !== undefined);
  const inSlack = doors.slack ? people.filter(({ slack }) => slack !== undefined).map(withGroups(doors.slack)) : [];
  const elsewhere = byCommandLine.filter(({ slack }) => !doors.slack || slack === undefined);
  if (!suffice(quorum, [...inSlack, ...elsewhere])) {
    const ids = doors.slack ? 'a uid or a slack id' : 'a uid';
    return [`people: a ${of} breach can be approved by nobody: it takes ${inWords(quorum)}, with ${ids}`];
  }
  return [
    ...(suffice(quorum, byCommandLine)
      ? []
      : [
          `people: a ${of} breach cannot be approved by the command line alone: it takes ${inWords(quorum)}, with a uid`,
        ]),
    ...(!doors.slack || suffice(quorum, inSlack)
      ? []
      : [
          `doors.slack: a ${of} breach cannot be approved in Slack alone: it takes ${inWords(quorum)}, with a slack id`,
        ]),
  ];
}

/** Who is in a group is not known here: anybody who can press a button may be. */
const withGroups =
  ({ groups }: NonNullable<Config['doors']['slack']>) =>
  (person: Person): Person => ({ ...person, roles: [...person.roles, ...groups.map(({ role }) => role)] });

const suffice = (quorum: Quorum, people: readonly Person[]): boolean => emptySeats(quorum, people).length === 0;

function inWords(quorum: Quorum): string {
  const roles = quorum.map((group) => group.join(' or ')).join(' and ');
  return quorum.length > 1 ? `${roles}, ${quorum.length} different people` : roles;
}

/** The command line knows nobody's groups. */
const groupsWithoutCommandLine = ({ people, doors }: Parts): string[] =>
  [...new Set(doors.slack?.groups.map(({ role }) => role))]
    .filter((role) => !people.some(({ uid, roles }) => uid !== undefined && roles.includes(role)))
    .map(
      (role) =>
        `doors.slack.groups: whoever is ${role} by a user group alone cannot answer by the command line, and nobody of people is one with a uid`,
    );
