import { expect, test } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { createDocumentDigest } from '../../src/core/document-digest.ts';

test('sums of more than a million hashes stay exact', () => {
  const document = Buffer.from([5, 0, 0, 0, 0]);
  const times = 2 ** 20 + 3;
  const digest = createDocumentDigest();
  for (let count = 0; count < times; count++) digest.add(document);
  const expected = (BigInt(`0x${sha256(document)}`) * BigInt(times)) % 2n ** 256n;
  expect(digest.totals()).toEqual({
    documents: times,
    bytes: times * 5,
    digest: expected.toString(16).padStart(64, '0'),
  });
});

test('nothing has the digest zero, and asking does not change it', () => {
  const digest = createDocumentDigest();
  expect(digest.totals()).toEqual({ documents: 0, bytes: 0, digest: '0'.repeat(64) });
  digest.add(Buffer.from([5, 0, 0, 0, 0]));
  expect(digest.totals()).toEqual(digest.totals());
});
