/** Everything of the process that a command may touch: handed in by whoever owns the process. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Asks whoever sits there, and gives what they typed; absent where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly setExitCode: (code: number) => void;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly onHangup: (listener: () => void) => void;
  /** Called with what nobody has caught, instead of the process ending at once. */
  readonly onFault: (listener: (fault: unknown) => void) => void;
}

export const writeLines = ({ write }: Pick<Terminal, 'write'>, lines: readonly string[]): void =>
  write(`${lines.join('\n')}\n`);
