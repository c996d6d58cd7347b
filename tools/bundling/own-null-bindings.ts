/** The null provider's bindings that are made beside ours, for where the prebuilt package cannot be used. */
export const NULL_BINDINGS = [
  ".gen/providers/null/provider/index.ts",
  ".gen/providers/null/resource/index.ts",
];

/** A source of constructs/ with these bindings in the place of the prebuilt ones. */
export function withOwnNullBindings(source: string): string {
  return source.replace(/(["'])@cdktf\/provider-null\/lib\/(\w+)\1/g, '"../.gen/providers/null/$2"');
}
