/** What Azure's interactive logins open a browser with; DefaultAzureCredential has none of them. */
export default function open(): Promise<never> {
  throw new Error("no browser is opened");
}
