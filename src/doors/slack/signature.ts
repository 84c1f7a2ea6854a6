import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

export interface SignedRequest {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** Byte for byte as it came. */
  readonly body: Buffer;
}

const longestAge = 300;

/** Why the request is not Slack's, or not of now; `undefined` where it is. */
export function signatureFault({ timestamp, signature, body }: SignedRequest, secret: Secret, now: number) {
  if (timestamp === undefined || signature === undefined) return 'it is not signed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'its timestamp is none';
  if (Math.abs(now / 1_000 - Number(timestamp)) > longestAge) return 'it is older or newer than five minutes';
  const expected = Buffer.from(signatureOf(timestamp, body, secret));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'its signature is wrong';
}

const signatureOf = (timestamp: string, body: Buffer, secret: Secret): string =>
  `v0=${createHmac('sha256', secret.reveal()).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
