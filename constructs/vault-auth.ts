/** Where a login of Vault is mounted, and which role it takes. */
export interface VaultRoleLogin {
  /** The role to log in as. */
  readonly role: string;
  /**
   * Where the auth method is mounted, such as "ci/jwt".
   * @default - the method's own name
   */
  readonly mount?: string;
  /**
   * The file that holds the token to log in with, on the machine that runs Terraform.
   * @default - for Kubernetes the pod's own service account; for JWT the variable VAULT_JWT, or a GitHub Actions job's own token
   */
  readonly tokenFile?: string;
}

/** A login with a JSON Web Token. */
export interface VaultJwtLogin extends VaultRoleLogin {
  /**
   * The audience to ask GitHub Actions for.
   * @default - GitHub's own: the URL of the repository's owner
   */
  readonly audience?: string;
}

/** How the program logs in to Vault. It says only how; the credentials stay on the machine that runs Terraform. */
export class VaultAuth {
  /** With a token: VAULT_TOKEN, a token helper's, or `~/.vault-token` as `vault login` leaves it. */
  static token(): VaultAuth {
    return new VaultAuth({ auth: "token" });
  }

  /**
   * As an AppRole: VAULT_ROLE_ID and VAULT_SECRET_ID.
   * @param mount Where the auth method is mounted; "approle" when left out.
   */
  static appRole(mount?: string): VaultAuth {
    return new VaultAuth({ auth: "approle", auth_mount: mount });
  }

  /** As a Kubernetes service account. */
  static kubernetes(login: VaultRoleLogin): VaultAuth {
    return new VaultAuth({ auth: "kubernetes", ...roleLogin(login) });
  }

  /** With a JSON Web Token of an OIDC issuer, such as a GitHub Actions job's. */
  static jwt(login: VaultJwtLogin): VaultAuth {
    return new VaultAuth({ auth: "jwt", ...roleLogin(login), audience: login.audience });
  }

  /** The options of the store's URI that say so. */
  readonly options: Readonly<Record<string, string>>;

  private constructor(options: Readonly<Record<string, string | undefined>>) {
    const given = Object.entries(options).filter(
      (option): option is [string, string] => option[1] !== undefined,
    );
    this.options = Object.fromEntries(given);
  }
}

function roleLogin({ role, mount, tokenFile }: VaultRoleLogin): Record<string, string | undefined> {
  return { role, auth_mount: mount, token_file: tokenFile };
}
