import { z } from 'zod';

/** Names the file by which a caller proves who it is. */
export const nonceHeader = 'rollbackd-nonce';

/** A file to be created by the caller, whose owner the kernel then vouches for. */
export const challenge = z.object({ nonce: z.string().regex(/^[\w-]+$/), file: z.string() });
export type Challenge = z.infer<typeof challenge>;

export const failure = z.object({
  error: z.object({ reason: z.string(), message: z.string(), remedy: z.string().optional() }),
});
export type Failure = z.infer<typeof failure>;
