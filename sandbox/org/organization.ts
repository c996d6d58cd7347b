import { randomUUID } from "node:crypto";

/** A role, which a client-credentials client holds in a division. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What it allows: `oauth:client:view`, with `*` for a whole segment, or `*` for everything. */
  readonly permissions: readonly string[];
}

export interface Division {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly homeDivision: boolean;
}

// The ids of roles and divisions are the same in every sandbox, so that a stack may name them as it would
// name those of its own org.
const ROLES: readonly Role[] = [
  {
    id: "7c1d2e3f-0001-4a5b-8c6d-000000000001",
    name: "Master Admin",
    description: "Everything, everywhere",
    permissions: ["*"],
  },
  {
    id: "7c1d2e3f-0002-4a5b-8c6d-000000000002",
    name: "Admin",
    description: "Integrations and their OAuth clients",
    permissions: ["oauth:client:*", "integrations:integration:*", "authorization:*:view"],
  },
  {
    id: "7c1d2e3f-0003-4a5b-8c6d-000000000003",
    name: "employee",
    description: "What every employee has",
    permissions: [],
  },
];

const DIVISIONS: readonly Division[] = [
  {
    id: "9b8a7c6d-0001-4e5f-9a0b-000000000001",
    name: "Home",
    description: "Home Division",
    homeDivision: true,
  },
  {
    id: "9b8a7c6d-0002-4e5f-9a0b-000000000002",
    name: "Marketing",
    description: "Those who ring first",
    homeDivision: false,
  },
];

/** The org itself: who it is, and what is already in it when one gets an account. */
export class Organization {
  readonly id = randomUUID();
  readonly name = "Sandbox";
  readonly roles = ROLES;
  readonly divisions = DIVISIONS;
  readonly products: readonly string[] = ["engage3", "collaborateFree"];

  /** The answer of `GET /api/v2/organizations/me`. The Terraform provider crashes without the country code. */
  entity(): Record<string, unknown> {
    return {
      id: this.id,
      name: this.name,
      defaultLanguage: "en-us",
      defaultCountryCode: "US",
      domain: "sandbox",
      version: 1,
      state: "active",
      productPlatform: "PureCloud",
      features: {},
      selfUri: "/api/v2/organizations/me",
    };
  }
}
