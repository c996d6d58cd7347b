import { unnamedSkips } from "../../tools/bare/skips";

test("a skip that does not say what is missing is reported, and one that does is not", () => {
  const skipped = (fullName: string) => ({ status: "pending", fullName });
  const assertionResults = [
    skipped("over TLS [missing: openssl on PATH]"),
    skipped("gitlab: reads [cannot be: it can only be written]"),
    skipped("only on Tuesdays"),
    skipped("says nothing [missing: ]"),
    { status: "todo", fullName: "to be written" },
    { status: "passed", fullName: "ran" },
    { status: "failed", fullName: "ran, too" },
  ];
  expect(unnamedSkips({ testResults: [{ assertionResults }] })).toEqual([
    "only on Tuesdays",
    "says nothing [missing: ]",
    "to be written",
  ]);
});
