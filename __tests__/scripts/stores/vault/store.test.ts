import { describeStore } from "../../../helpers/store-conformance";
import { VaultFixture } from "../../../helpers/vault/fixture";

describeStore("vault:", () => VaultFixture.open());
