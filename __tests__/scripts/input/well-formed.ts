import { SCHEMES, type Scheme } from "../../../scripts/stores/schemes";

/** For each scheme what may follow its colon, to be spoilt. */
export const WELL_FORMED = Object.fromEntries(
  Object.entries(SCHEMES).map(([scheme, { example }]) => [scheme, example]),
) as Readonly<Record<Scheme, string>>;
