import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

/*
 * JSON that others have written, and of which we change single fields. Parsing it and printing it anew would round
 * their long numbers, drop what JavaScript has no number for, and move what stands twice: so it stays a text.
 */

/** How a JSON object is laid out: what stands before its first name, and before that one's value. */
const LAYOUT = /^\s*\{(\s*)"(?:[^"\\]|\\.)*"\s*:(\s*)/;

interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
}

/**
 * A JSON object with one field of it set; every other character stays as it was written.
 * @param text a whole JSON object
 */
export function withField(text: string, name: string, value: unknown): string {
  const same = membersOf(text).filter((member) => member.name === name);
  // Programs do not agree which of two counts: one is left.
  if (same.length > 1) return withField(withoutField(text, name), name, value);
  const [, space = "", gap = ""] = LAYOUT.exec(text) ?? [];
  const json = laidOut(value, space);
  const [own] = same;
  if (own) return text.slice(0, own.valueStart) + json + text.slice(own.end);
  const last = membersOf(text).at(-1);
  const at = last?.end ?? text.indexOf("{") + 1;
  return `${text.slice(0, at)}${last ? `,${space}` : ""}${JSON.stringify(name)}:${gap}${json}${text.slice(at)}`;
}

/**
 * A JSON object without one field; every other character stays as it was written.
 * @param text a whole JSON object
 */
export function withoutField(text: string, name: string): string {
  const members = membersOf(text);
  const at = members.findIndex((member) => member.name === name);
  const own = members[at];
  if (!own) return text;
  const [before, after] = [members[at - 1], members[at + 1]];
  const [from, to] = before ? [before.end, own.end] : [own.start, after?.start ?? own.end];
  return withoutField(text.slice(0, from) + text.slice(to), name);
}

/**
 * A part of a JSON document, as it was written; undefined when it is not there.
 * @param path the names that lead to it
 */
export function partOf(text: string, path: readonly string[]): string | undefined {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  return node && text.slice(node.offset, node.offset + node.length);
}

function membersOf(text: string): Member[] {
  return (parseTree(text)?.children ?? []).map(({ offset, length, children }) => {
    const [name, value] = children as [Node, Node];
    return { name: name.value, start: offset, end: offset + length, valueStart: value.offset };
  });
}

/** A value in the layout of the object that it goes into. */
function laidOut(value: unknown, space: string): string {
  const indent = /\n([^\n]*)$/.exec(space)?.[1];
  return JSON.stringify(value, null, indent).replaceAll("\n", space);
}
