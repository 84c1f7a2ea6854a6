import type { Decision } from '../model/decision.ts';
import type { CriterionName } from '../model/verdict.ts';

/** How one criterion fared over the whole input. */
export interface Firing {
  readonly criterion: CriterionName;
  readonly times: number;
  readonly firingMs: number;
  readonly pendingMs: number;
  /** Why it never said more than that it cannot tell; absent where it did. */
  readonly neverJudged?: string;
}

interface Course {
  times: number;
  firingMs: number;
  pendingMs: number;
  last: string;
  couldNotTell: string | undefined;
}

/** Adds up, from one decision to the next, what each criterion said. */
export class Tally {
  readonly #courses = new Map<CriterionName, Course>();
  #before: number | undefined;

  count({ verdicts }: Decision, now: number): void {
    const passed = Math.max(0, now - (this.#before ?? now));
    this.#before = now;
    for (const { criterion, verdict, reason } of verdicts) {
      const course = this.#courseOf(criterion, reason);
      // What was said at the last look has held until this one.
      if (course.last === 'breach') course.firingMs += passed;
      if (course.last === 'pending') course.pendingMs += passed;
      if (verdict === 'breach' && course.last !== 'breach') course.times += 1;
      course.couldNotTell = verdict === 'inconclusive' && course.couldNotTell !== undefined ? reason : undefined;
      course.last = verdict;
    }
  }

  /** A stretch that nobody saw is nobody's time. */
  skip(to: number): void {
    this.#before = to;
  }

  firings(): Firing[] {
    return [...this.#courses].map(([criterion, { times, firingMs, pendingMs, couldNotTell }]) => ({
      criterion,
      times,
      firingMs,
      pendingMs,
      ...(couldNotTell !== undefined && { neverJudged: couldNotTell }),
    }));
  }

  #courseOf(criterion: CriterionName, reason: string): Course {
    const known = this.#courses.get(criterion);
    if (known) return known;
    const course = { times: 0, firingMs: 0, pendingMs: 0, last: '', couldNotTell: reason };
    this.#courses.set(criterion, course);
    return course;
  }
}
