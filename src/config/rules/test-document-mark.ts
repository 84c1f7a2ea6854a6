import { rule } from '../rule.ts';

/** Without a mark a test document that a killed run has left could not be told from a customer's own. */
export const testDocumentMark = rule(['probes'], ({ probes }) => {
  const { creates } = probes.legacy;
  if (!creates || typeof creates.body[creates.markIn] === 'string') return [];
  return [{ path: ['probes', 'legacy', 'creates', 'markIn'], message: 'must name a text field of body' }];
});
