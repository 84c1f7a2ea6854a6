import { z } from 'zod';

export const tier = z.enum(['critical', 'severe', 'moderate']);
export type Tier = z.infer<typeof tier>;

const harm: Readonly<Record<Tier, number>> = { moderate: 0, severe: 1, critical: 2 };

export const harmOf = (of: Tier): number => harm[of];
