import { gib } from '../../core/bytes.ts';
import type { Evidence } from '../../model/event.ts';
import { StepFailed } from '../contract.ts';

/** So many bytes go to a place, on a disk with so much room. */
export interface DiskNeed {
  readonly place: string;
  /** Undefined where only another machine, or a program, knows the disk: then it is recognised by its size. */
  readonly fileSystem: string | undefined;
  readonly free: number;
  readonly total: number;
  readonly bytes: number;
}

export interface DiskLoad {
  readonly places: readonly string[];
  readonly free: number;
  readonly bytes: number;
}

/** Between two looks at one disk somebody writes. */
const drift = 256 * 2 ** 20;

/** Each disk once, with the sum of what goes there. */
export function gatherByDisk(needs: readonly DiskNeed[]): DiskLoad[] {
  const groups: DiskNeed[][] = [];
  for (const need of needs) {
    const group = groups.find(([first]) => first !== undefined && isOneDisk(first, need));
    if (group) group.push(need);
    else groups.push([need]);
  }
  return groups.map((group) => ({
    places: group.map(({ place }) => place),
    free: Math.min(...group.map(({ free }) => free)),
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}

/** Of the same size to the byte and as full: taken for one, which at worst asks for too much. */
function isOneDisk(one: DiskNeed, other: DiskNeed): boolean {
  if (one.fileSystem !== undefined && other.fileSystem !== undefined) return one.fileSystem === other.fileSystem;
  return one.total === other.total && Math.abs(one.free - other.free) <= drift;
}

/** Errors: StepFailed `disk-too-small`, with every disk that is. */
export function expectRoom(needs: readonly DiskNeed[], { keepFree }: { readonly keepFree: number }): Evidence {
  const disks = gatherByDisk(needs);
  const told = ({ places, free, bytes }: DiskLoad) =>
    `${places.join(' and ')}: ${gib(free)} free, ${gib(bytes + keepFree)} are needed`;
  const tooSmall = disks.filter(({ free, bytes }) => free < bytes + keepFree);
  if (tooSmall.length > 0) {
    throw new StepFailed('disk-too-small', tooSmall.map(told).join('; '), {
      remedy:
        'free space and resume the run; or point rollback.evidenceFolder or code.releases to a larger disk and begin anew with `rollbackd rollback`',
    });
  }
  return Object.fromEntries(
    disks.map(({ places, free, bytes }) => [
      places.join(' and '),
      `${gib(bytes + keepFree)} needed, ${gib(free)} free`,
    ]),
  );
}
