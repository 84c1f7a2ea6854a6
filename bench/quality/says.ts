/** `told`: there is trouble, but nobody is asked about it just now. */
export type Says = 'breach' | 'told' | 'nothing';

/** A rule that is asked of the end of each slot in turn. */
export interface Judge {
  saysAt(end: number): Says;
}

/** How often people would have been asked: trouble that goes on counts once. */
export function questionsIn(judge: Judge, slots: number): number {
  let questions = 0;
  let asked = false;
  for (let end = 1; end <= slots; end += 1) {
    const says = judge.saysAt(end);
    if (says === 'breach' && !asked) questions += 1;
    asked = says === 'breach' || (asked && says === 'told');
  }
  return questions;
}

/** The end of the slot at which people are asked first after `begin`; infinite where nobody is. */
export function firstQuestion(judge: Judge, begin: number, slots: number): number {
  for (let end = 1; end <= slots; end += 1) {
    if (judge.saysAt(end) === 'breach' && end > begin) return end;
  }
  return Number.POSITIVE_INFINITY;
}
