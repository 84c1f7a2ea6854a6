import { z } from 'zod';

export const tier = z.enum(['critical', 'severe', 'moderate']);
export type Tier = z.infer<typeof tier>;
