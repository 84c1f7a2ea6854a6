/** One line of an input that could not be used. */
export interface InputFault {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** So many are kept to be named; all are counted. */
const mostNamed = 20;

/** What of an input could not be used: everything counted, the first ones named. */
export class Faults {
  readonly named: InputFault[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(file: string, line: number, what: string): void {
    this.#count += 1;
    if (this.named.length < mostNamed) this.named.push({ file, line, what });
  }
}
