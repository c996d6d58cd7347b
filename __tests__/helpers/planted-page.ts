import { pageTables } from "./page-tables";

/** The page of docs/ that shows both matrices of planted secrets. */
export const plantedPage = pageTables("planted-matrix.md");
