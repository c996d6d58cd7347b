/** got's unpacking: no answer is asked for compressed, which leaves no bomb to unpack. */
export default function decompressResponse(): never {
  throw new Error("answers are not unpacked");
}
