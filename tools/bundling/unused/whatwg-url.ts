/** node-fetch's URL for a Node.js that has none. */
export {};
