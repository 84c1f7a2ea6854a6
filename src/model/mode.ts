import { z } from 'zod';

/** observe: decides and tells; approve: every rollback needs a person; armed: critical breaches that pass every guard are acted on. */
export const mode = z.enum(['observe', 'approve', 'armed']);
export type Mode = z.infer<typeof mode>;
