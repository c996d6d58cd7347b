export { type StandInOptions, type StandInProviders, startStandInProviders } from "./start";
