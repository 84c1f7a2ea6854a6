import { z } from 'zod';
import { hashOf } from '../../core/digest.ts';

/** Names the file by which a caller proves who it is. */
export const nonceHeader = 'rollbackd-nonce';

/** A file to be created by the caller, whose owner the kernel then vouches for. */
export const challenge = z.object({ nonce: z.string().regex(/^[\w-]+$/), file: z.string() });
export type Challenge = z.infer<typeof challenge>;

export const failure = z.object({
  error: z.object({ reason: z.string(), message: z.string(), remedy: z.string().optional() }),
});
export type Failure = z.infer<typeof failure>;

/** A command as it is given. */
export interface Order {
  readonly name: string;
  readonly args: unknown;
}

/** What the file says: only somebody who means this very command, now, has ever written it. */
export const proofText = (nonce: string, { name, args }: Order): string =>
  `rollbackd proof ${nonce} of ${name} ${hashOf(args)}\n`;
