/** What the AWS SDK tells browsers apart with; this program runs in none, and its user-agent has no such part. */
export const parse = (): object => ({});
