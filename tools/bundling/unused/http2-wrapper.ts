/** got's HTTP/2, which this program does not use: the real one makes a TLS context as it is loaded, on every apply. */
export default { globalAgent: undefined, auto: undefined };
