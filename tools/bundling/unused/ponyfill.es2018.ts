/** fetch-blob's streams for a Node.js that has none. */
export {};
