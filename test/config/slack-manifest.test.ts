import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const manifest = z.strictObject({
  display_information: z.strictObject({ name: z.string().max(35), description: z.string().max(140) }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
    org_deploy_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

test('the manifest gives the application buttons, Socket Mode and no right that the daemon does not need', () => {
  const text = readFileSync(join(import.meta.dirname, '../../config/slack-manifest.yaml'), 'utf8');
  const { oauth_config } = manifest.parse(parse(text));
  expect(oauth_config.scopes.bot).toEqual(['chat:write', 'channels:history']);
  for (const other of ['groups:history', 'usergroups:read', 'users:read']) expect(text).toContain(`# - ${other}`);
});
