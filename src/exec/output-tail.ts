const MOST_LINES = 2_000;
const MOST_CHARACTERS = 16 * 2 ** 20;

/** The end of a stream, in lines: a program that never stops talking must not fill the daemon's memory. */
export class OutputTail {
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #lines: string[] = [];
  #characters = 0;
  #unfinished = '';

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    const pieces = (this.#unfinished + chunk).split('\n');
    this.#unfinished = pieces.pop() ?? '';
    for (const piece of pieces) this.#keep(piece);
    if (this.#unfinished.length > MOST_CHARACTERS) this.end();
  }

  /** Takes what stands after the last line break for a line. */
  end(): void {
    if (this.#unfinished !== '') this.#keep(this.#unfinished);
    this.#unfinished = '';
  }

  text(): string {
    return this.#lines.join('\n');
  }

  #keep(piece: string): void {
    const line = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#lines.length > MOST_LINES || (this.#characters > MOST_CHARACTERS && this.#lines.length > 1)) {
      this.#characters -= this.#lines.shift()?.length ?? 0;
    }
    this.#onLine?.(line);
  }
}
