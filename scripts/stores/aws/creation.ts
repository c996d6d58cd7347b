import { badOption, type StoreUri, type StoreUriError } from "../uri";

const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const MOST_TAGS = 50;
const ONLY_WHEN_CREATED = ["description", "kms_key", "tags", "tier"];

/** How to create what is not there. */
export interface Creation {
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly Tags?: { Key: string; Value: string }[];
}

/**
 * The options of creation; undefined when nothing is to be created.
 * @throws {StoreUriError} when one does not fit, or would be ignored because nothing is to be created
 */
export function readCreation(uri: StoreUri): Creation | undefined {
  const create = uri.options.get("create") ?? "false";
  const wrong = (rule: string): StoreUriError => badOption(uri, rule);
  if (create !== "true" && create !== "false") throw wrong('the option create must be "true" or "false"');
  const empty = [...uri.options].find(([, value]) => value.trim() === "");
  if (empty) throw wrong(`the option ${empty[0]} is empty`);
  if (create === "false") {
    const ignored = ONLY_WHEN_CREATED.find((name) => uri.options.has(name));
    if (ignored !== undefined)
      throw wrong(`the option ${ignored} is for one that is created, and needs create=true`);
    return undefined;
  }
  const tags = uri.options.get("tags");
  return {
    Description: uri.options.get("description"),
    KmsKeyId: uri.options.get("kms_key"),
    ...(tags === undefined ? {} : { Tags: readTags(tags, wrong) }),
  };
}

/** `team=orders,stage=prod`; AWS allows no comma in a tag, so none is ambiguous. */
function readTags(text: string, wrong: (rule: string) => StoreUriError): { Key: string; Value: string }[] {
  const tags = text.split(",").map((tag) => {
    const sign = tag.indexOf("=");
    return { Key: tag.slice(0, Math.max(sign, 0)).trim(), Value: tag.slice(sign + 1).trim() };
  });
  for (const { Key, Value } of tags) {
    if (Key === "" || Key.length > LONGEST_KEY || Value.length > LONGEST_VALUE || !TEXT.test(Key + Value))
      throw wrong("the option tags must be KEY=VALUE, separated by commas, of letters, digits and _.:/=+-@");
    if (/^aws:/i.test(Key)) throw wrong("the option tags has a key that begins with aws:, which AWS keeps");
  }
  if (tags.length > MOST_TAGS || new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw wrong(`the option tags must have at most ${MOST_TAGS} tags, and no key twice`);
  return tags;
}
