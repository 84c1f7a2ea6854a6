export interface SlackButton {
  readonly action_id: string;
  readonly block_id?: string;
  readonly value?: string;
  readonly text?: { readonly type: string; readonly text: string };
}

export interface SlackBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly elements?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** As the stand-in keeps it: `subtype: 'ephemeral'` with `ephemeral_to` where only one person sees it. */
export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  readonly thread_ts?: string;
  readonly subtype?: string;
  readonly ephemeral_to?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[];
}

/** Every button of a message, with its block's id, as a person sees them. */
export function buttonsOf({ blocks = [] }: SlackMessage): readonly SlackButton[] {
  return blocks.flatMap(({ block_id, elements = [], accessory }) =>
    [...elements, accessory].filter(isButton).map((button) => ({ ...button, ...(block_id && { block_id }) })),
  );
}

function isButton(element: unknown): element is SlackButton {
  const { type, action_id } = (element ?? {}) as { type?: unknown; action_id?: unknown };
  return type === 'button' && typeof action_id === 'string';
}
