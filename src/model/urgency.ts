import { z } from 'zod';

/** `progress` is for whoever follows along, `told` for information, `asked` wants an answer, `alarmed` wants somebody now. */
export const urgency = z.enum(['progress', 'told', 'asked', 'alarmed']);
export type Urgency = z.infer<typeof urgency>;

/** Each message to the webhook may wake somebody: it is spared the progress of a run. */
export const takesUrgency = (channel: string, of: Urgency): boolean => of !== 'progress' || channel !== 'webhook';
