/** What the client of Kubernetes runs commands in pods with, and watches: this program does neither. */
export default class WebSocket {
  constructor() {
    throw new Error("no web socket is opened");
  }
}
