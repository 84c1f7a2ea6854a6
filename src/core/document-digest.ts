import { hash } from 'node:crypto';

const LANES = 8;
/** Each addition raises a lane by less than 2^32: after this many it is still an exact integer. */
const CARRY_EVERY = 2 ** 20;
const LANE = 2 ** 32;

export interface DocumentDigest {
  /** One document as raw BSON. */
  add(document: Uint8Array): void;
  totals(): { documents: number; bytes: number; digest: string };
}

/**
 * Counts documents and digests them whatever their order: the sum of their SHA-256 hashes, modulo 2^256.
 * A dump on the disk and a collection on a server go through this same code, so that their digests can be compared.
 */
export function createDocumentDigest(): DocumentDigest {
  const lanes = new Float64Array(LANES);
  let documents = 0;
  let bytes = 0;
  return {
    add(document) {
      const summand = hash('sha256', document, 'buffer');
      for (let lane = 0; lane < LANES; lane++) lanes[lane] = (lanes[lane] ?? 0) + summand.readUInt32BE(lane * 4);
      bytes += document.length;
      documents += 1;
      if (documents % CARRY_EVERY === 0) carry(lanes);
    },
    totals() {
      carry(lanes);
      const digest = Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0')).join('');
      return { documents, bytes, digest };
    },
  };
}

/** Brings every lane below 2^32; what overflows the highest one falls off, which is the modulo. */
function carry(lanes: Float64Array): void {
  let over = 0;
  for (let lane = LANES - 1; lane >= 0; lane--) {
    const sum = (lanes[lane] ?? 0) + over;
    over = Math.floor(sum / LANE);
    lanes[lane] = sum - over * LANE;
  }
}
