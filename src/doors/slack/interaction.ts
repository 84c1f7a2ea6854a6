import { z } from 'zod';

const origin = {
  team: z.looseObject({ id: z.string() }),
  user: z.looseObject({ id: z.string() }),
  api_app_id: z.string(),
};

const click = z.looseObject({
  type: z.literal('block_actions'),
  ...origin,
  trigger_id: z.string(),
  container: z.looseObject({ channel_id: z.string() }),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().optional() })).min(1),
});
export type Click = z.infer<typeof click>;

const field = z.looseObject({ value: z.string().nullish() });
const form = z.looseObject({
  type: z.literal('view_submission'),
  ...origin,
  view: z.looseObject({
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), field)) }),
  }),
});
export type SentForm = z.infer<typeof form>;

/** What a person has done in Slack. */
export const interaction = z.discriminatedUnion('type', [click, form]);
export type Interaction = z.infer<typeof interaction>;

const known: readonly unknown[] = interaction.options.map(({ shape }) => shape.type.value);

/** What is not as it was expected in a click or a form: where, and nothing of what stands there. `undefined` for anything else. */
export function misshapen(payload: unknown, error: z.ZodError): { readonly fields: readonly string[] } | undefined {
  const { type } = (payload ?? {}) as { readonly type?: unknown };
  return known.includes(type) ? { fields: error.issues.map(({ path }) => path.join('.')) } : undefined;
}
