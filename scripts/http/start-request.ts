import { type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";

/**
 * Starts a request for got. From Node.js 24 on, the callback of `end` gets an error when no connection came about. Got
 * takes that for a fault of its own and does not try again. The request's error event says the same, and got reads it.
 */
export function startRequest(url: URL, options: RequestOptions): ClientRequest {
  const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options);
  const end = request.end.bind(request) as (...words: unknown[]) => ClientRequest;
  request.end = (...words: unknown[]) => end(...words.map(unlessFailed));
  return request;
}

function unlessFailed(word: unknown): unknown {
  if (typeof word !== "function") return word;
  return (error?: unknown) => {
    if (!error) word();
  };
}
