import { BSON, type Document } from 'mongodb';

/** How a server keeps an option, beside the others; undefined: it makes no difference. */
type Keep = (value: unknown, options: Document) => unknown;

const asIs: Keep = (value) => value;
/** Servers write "as many as you like" as nothing, as zero or less, or as the largest number. */
const limit: Keep = (value, { capped }) =>
  capped && Number(value) > 0 && Number(value) < 2 ** 31 - 1 ? Number(value) : undefined;
/** Rounded up, as all but the newest servers do it. */
const roundedSize: Keep = (value, { capped }) => (capped ? Math.ceil(Number(value) / 256) * 256 : undefined);
/** What is done with a document that a validator refuses says nothing where there is none. */
const whereValidated =
  (usual: string): Keep =>
  (value, { validator }) =>
    isEmpty(validator) || value === usual ? undefined : value;

/**
 * The options that decide which documents a collection takes and what it shows, as listCollections or a dump's metadata.json has
 * them. Others are about how it is stored.
 */
const optionsKept: Readonly<Record<string, Keep>> = {
  viewOn: asIs,
  pipeline: asIs,
  capped: (value) => (value ? true : undefined),
  size: roundedSize,
  max: limit,
  validator: (value) => (isEmpty(value) ? undefined : value),
  validationLevel: whereValidated('strict'),
  validationAction: whereValidated('error'),
  collation: (value) => ((value as Document).locale === 'simple' ? undefined : value),
  clusteredIndex: (value) => ({ name: (value as Document).name }),
  expireAfterSeconds: (value) => Number(value),
  changeStreamPreAndPostImages: (value) => ((value as Document).enabled ? { enabled: true } : undefined),
  encryptedFields: asIs,
};

/** Collections of equal behaviour give equal options; undefined where there are none. */
export function normaliseOptions(raw: Document): Record<string, unknown> | undefined {
  const kept = Object.entries(optionsKept).flatMap(([name, keep]) => {
    const given = raw[name] ?? undefined;
    const value = given === undefined ? undefined : keep(given, raw);
    return value === undefined ? [] : [[name, value]];
  });
  return kept.length === 0 ? undefined : BSON.EJSON.serialize(Object.fromEntries(kept), { relaxed: true });
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}
