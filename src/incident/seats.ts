import type { Quorum } from '../model/approval.ts';
import type { Role } from '../model/person.ts';

type Group = Quorum[number];
type Seats<H> = Map<Group, H>;

interface Holder {
  readonly roles: readonly Role[];
}

/** Who stands for which group of a quorum: as many groups as can be, each by another one of those who are there. */
function seated<H extends Holder>(quorum: Quorum, holders: readonly H[]): ReadonlyMap<Group, H> {
  const seats: Seats<H> = new Map();
  for (const holder of holders) takeSeat(holder, quorum, seats);
  return seats;
}

/** Roles of which one more person would fill an empty seat, for each that is empty: those who sit already may move over. */
export function emptySeats(quorum: Quorum, holders: readonly Holder[]): Quorum {
  const seats = seated(quorum, holders);
  return quorum.filter((group) => !seats.has(group)).map((group) => rolesThatHelp(group, seats));
}

const fits = ({ roles }: Holder, group: Group): boolean => group.some((role) => roles.includes(role));

/** Whoever sits where this one could gives way if another seat is left for them. */
function takeSeat<H extends Holder>(holder: H, quorum: Quorum, seats: Seats<H>, tried = new Set<Group>()): boolean {
  for (const group of quorum) {
    if (tried.has(group) || !fits(holder, group)) continue;
    tried.add(group);
    const sitting = seats.get(group);
    if (sitting && !takeSeat(sitting, quorum, seats, tried)) continue;
    seats.set(group, holder);
    return true;
  }
  return false;
}

function rolesThatHelp(empty: Group, seats: ReadonlyMap<Group, Holder>): Role[] {
  const within = new Set([empty]);
  // What is added while it is walked through is walked through, too.
  for (const group of within) for (const [seat, holder] of seats) if (fits(holder, group)) within.add(seat);
  return [...new Set([...within].flat())];
}
