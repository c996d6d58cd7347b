import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { newSecret } from "../../../sandbox/org/random-credential";

const RESOURCES_AT_A_TIME = 200;

/**
 * Writes a state of version 4 as Terraform lays one out, of about so many bytes: queues, and a client's secret now and
 * then, the first near the beginning and the last near the end.
 * @returns the secrets
 */
export function writeBigState(path: string, bytes: number, planted: number): string[] {
  const secrets: string[] = [];
  const file = openSync(path, "w");
  const lineage = randomUUID();
  let written = writeSync(
    file,
    `{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 7,\n  "lineage": "${lineage}",\n  "outputs": {},\n  "resources": [\n${queue(0)}`,
  );
  for (let number = 1; written < bytes; ) {
    let text = "";
    for (let count = 0; count < RESOURCES_AT_A_TIME; count += 1, number += 1) text += `,\n${queue(number)}`;
    if (secrets.length < planted && written >= (bytes / planted) * secrets.length) {
      const secret = newSecret();
      secrets.push(secret);
      text += `,\n${client(secrets.length, secret)}`;
    }
    written += writeSync(file, text);
  }
  writeSync(file, '\n  ],\n  "check_results": null\n}\n');
  closeSync(file);
  return secrets;
}

function queue(number: number): string {
  return resource("genesyscloud_routing_queue", `queue_${number}`, {
    id: randomUUID(),
    name: `Queue ${number} "vip"`,
    description: `Calls of customers who bought product ${number}, with some text to fill the line up`,
    division_id: randomUUID(),
    enable_transcription: false,
    acw_timeout_ms: 300_000,
    members: [{ user_id: randomUUID(), ring_num: 1 }],
  });
}

function client(number: number, secret: string): string {
  const id = randomUUID();
  return resource("genesyscloud_oauth_client", `client_${number}`, {
    authorized_grant_type: "CLIENT-CREDENTIALS",
    client_id: id,
    client_secret: secret,
    expose_client_secret: true,
    id,
    name: `client ${number}`,
  });
}

function resource(type: string, name: string, attributes: object): string {
  const provider = 'provider["registry.terraform.io/mypurecloud/genesyscloud"]';
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: [], private: "bnVsbA==" }];
  return JSON.stringify({ mode: "managed", type, name, provider, instances }, null, 2).replace(/^/gm, "    ");
}
