/** Says at the end of a run what the skipped tests would have needed, which jest's own summary leaves out. */
module.exports = class MissingToolsReporter {
  onRunComplete(_contexts, { testResults }) {
    const counts = new Map();
    for (const { fullName, status } of testResults.flatMap((file) => file.testResults)) {
      const reason = /\[missing: ([^\]]*)\]/.exec(fullName)?.[1] ?? "said in the test's title";
      if (status === "pending") counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of counts)
      console.log(`Skipped ${count}; missing or not applicable: ${reason}`);
  }
};
