import { rule } from '../rule.ts';

export const legacyEnvFile = rule(['env'], ({ env }) =>
  env.file === env.legacyFile ? [{ path: ['env', 'legacyFile'], message: 'is env.file itself' }] : [],
);
