/** got's cache, which this program must not use: it would keep answers that hold secrets. */
export default class CacheableRequest {
  constructor() {
    throw new Error("answers are never cached");
  }
}

export class CacheError extends Error {}
