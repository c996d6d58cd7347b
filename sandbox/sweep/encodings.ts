// The program's audit searches for the same forms, and imports go from the sandbox to the program.
export { encodings } from "../../scripts/core/encodings";
