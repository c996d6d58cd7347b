/** got makes one as it loads, which takes 3 ms for the words of an assertion that nobody here ever reads. */
export class ListFormat {
  format(items: Iterable<string>): string {
    return [...items].join(", ");
  }
}
