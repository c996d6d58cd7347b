/** got's cache of DNS answers, which this program does not use. */
export default class CacheableLookup {
  constructor() {
    throw new Error("names are not cached");
  }
}
