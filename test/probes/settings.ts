import type { z } from 'zod';
import { probesSchema, targetSchema } from '../../src/probes/schema.ts';

export type ProbesInput = z.input<typeof probesSchema>;
type RouteInput = NonNullable<ProbesInput['unified']['routes']>[number];

export const menu: RouteInput = {
  name: 'menu',
  list: '/api/menu',
  one: '/api/menu/{id}',
  collection: 'menus',
  trusted: true,
};

/** Probe settings with one route. */
export const probesOf = (changes: Partial<ProbesInput> = {}) =>
  probesSchema.parse({
    timeout: '5s',
    unified: { health: { path: '/health' }, routes: [menu] },
    legacy: { health: { path: '/api/tenants' }, routes: [menu] },
    ...changes,
  });

export const targetOf = (applicationUrl: string, slugs: readonly string[], publicUrl = applicationUrl) =>
  targetSchema.parse({ name: 'cafe', applicationUrl, publicUrl, tenants: slugs.map((slug) => ({ slug })) });
