/** What a tokenizer tells; positions are in `bytes`, which are the caller's and change after the call. */
export interface JsonVisitor {
  open(isArray: boolean): void;
  close(): void;
  /** A key, without its quotes. */
  key(bytes: Buffer, start: number, end: number): void;
  /**
   * A string value, without its quotes; empty when it is longer than is kept.
   * @param offset where its first byte stands in the whole document
   */
  string(bytes: Buffer, start: number, end: number, offset: number): void;
  /** A number, true, false or null. */
  literal(bytes: Buffer, start: number, end: number): void;
  /** The bytes of the last key are about to change. */
  settle(): void;
}
