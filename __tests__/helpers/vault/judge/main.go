// Judges a Vault server by HashiCorp's own client library: every line of the report is something the library saw, and
// the first thing it finds wrong ends the program with 1. What it needs stands in the environment (see judge.test.ts).
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"

	"github.com/hashicorp/vault/api"
)

var ctx = context.Background()

func main() {
	root := client(os.Getenv("VAULT_TOKEN"))
	limited := client(os.Getenv("JUDGE_LIMITED_TOKEN"))
	versions(root)
	deletion(root)
	missing(root)
	mounts(root, limited)
	policies(limited)
	logins(root)
	if namespace := os.Getenv("JUDGE_NAMESPACE"); namespace != "" {
		namespaces(root, namespace)
	}
}

func versions(root *api.Client) {
	kv := root.KVv2("secret")
	first := must(kv.Put(ctx, "judge/a", map[string]any{"field": "one", "nested": map[string]any{"n": "ü"}}))
	check("the first write makes version 1", first.VersionMetadata.Version == 1)
	read := must(kv.Get(ctx, "judge/a"))
	check("what was written is read", reflect.DeepEqual(read.Data, map[string]any{"field": "one", "nested": map[string]any{"n": "ü"}}))
	check("a version says when it was made", !read.VersionMetadata.CreatedTime.IsZero())
	second := must(kv.Put(ctx, "judge/a", map[string]any{"field": "two"}, api.WithCheckAndSet(1)))
	check("a check-and-set with the latest version writes", second.VersionMetadata.Version == 2)
	_, err := kv.Put(ctx, "judge/a", map[string]any{"field": "three"}, api.WithCheckAndSet(1))
	refused("a check-and-set with an older version", err, 400, "check-and-set parameter did not match the current version")
	_, err = kv.Put(ctx, "judge/a", map[string]any{"field": "three"}, api.WithCheckAndSet(0))
	refused("a check-and-set that wants nothing there", err, 400, "check-and-set parameter did not match the current version")
	_, err = root.Logical().Write("secret/data/judge/a", map[string]any{"field": "bare"})
	refused("a write without data", err, 400, "no data provided")
	metadata := must(kv.GetMetadata(ctx, "judge/a"))
	check("the metadata counts the versions", metadata.CurrentVersion == 2 && len(metadata.Versions) == 2)
}

func deletion(root *api.Client) {
	kv := root.KVv2("secret")
	fail(kv.Delete(ctx, "judge/a"))
	deleted := must(kv.Get(ctx, "judge/a"))
	check("a deleted version has metadata and no data", deleted.Data == nil && deleted.VersionMetadata.Version == 2)
	check("it says when it was deleted", !deleted.VersionMetadata.DeletionTime.IsZero())
	_, err := kv.Put(ctx, "judge/a", map[string]any{"field": "again"}, api.WithCheckAndSet(0))
	refused("after a deletion, a check-and-set that wants nothing there", err, 400, "check-and-set parameter did not match the current version")
	again := must(kv.Put(ctx, "judge/a", map[string]any{"field": "again"}, api.WithCheckAndSet(2)))
	check("after a deletion, versions go on counting", again.VersionMetadata.Version == 3)
	fail(kv.DeleteMetadata(ctx, "judge/a"))
	_, err = kv.Get(ctx, "judge/a")
	check("without its metadata the entry is gone", errors.Is(err, api.ErrSecretNotFound))
	fresh := must(kv.Put(ctx, "judge/a", map[string]any{"field": "fresh"}, api.WithCheckAndSet(0)))
	check("and its versions start anew", fresh.VersionMetadata.Version == 1)
	fail(kv.DeleteMetadata(ctx, "judge/a"))
}

func missing(root *api.Client) {
	_, err := root.KVv2("secret").Get(ctx, "judge/none")
	check("an entry that is not there is not found", errors.Is(err, api.ErrSecretNotFound))
	status, reasons := raw(root, http.MethodGet, "/v1/secret/data/judge/none")
	check("as a 404 without a reason", status == 404 && len(reasons) == 0)
	status, reasons = raw(root, http.MethodGet, "/v1/nowhere/data/x")
	check("a mount that is not there is a 404 with a reason", status == 404 && len(reasons) == 1 && strings.Contains(reasons[0], "no handler for route"))
	secret := must(root.Logical().Read("secret/judge"))
	check("a path outside of data/ is answered with a warning", secret != nil && len(secret.Warnings) == 1 && strings.Contains(secret.Warnings[0], "Invalid path for a versioned K/V secrets engine"))
}

func mounts(root, limited *api.Client) {
	path, version := preflight(root, "kv/team/orders/secret")
	check("a mount's name with slashes is told from the path", path == "kv/team/" && version == "2")
	_, version = preflight(root, "old/x")
	check("version 1 is told from version 2", version != "2")
	status, reasons := raw(limited, http.MethodGet, "/v1/sys/internal/ui/mounts/nowhere/x")
	check("a mount that is not there is a 403", status == 403 && len(reasons) > 0 && strings.Contains(strings.Join(reasons, " "), "preflight capability check returned 403"))
	status, _ = raw(limited, http.MethodGet, "/v1/sys/internal/ui/mounts/kv/team/x")
	check("and so is one in which the token has no rights", status == 403)
	status, _ = raw(limited, http.MethodGet, "/v1/sys/internal/ui/mounts/secret/genesys/orders")
	check("any right in a mount is enough to ask", status == 200)
	status, _ = raw(client("hvs.nobody"), http.MethodGet, "/v1/sys/internal/ui/mounts/secret/x")
	check("a token of nobody may not ask", status == 403)
}

func policies(limited *api.Client) {
	granted := must(limited.Sys().CapabilitiesSelf("secret/data/genesys/orders"))
	check("a token may ask what it is allowed", reflect.DeepEqual(granted, []string{"create", "read", "update"}))
	denied := must(limited.Sys().CapabilitiesSelf("secret/data/other"))
	check("and what it is not", reflect.DeepEqual(denied, []string{"deny"}))
	_, err := limited.KVv2("secret").Get(ctx, "other")
	refused("a read outside of the policy", err, 403, "permission denied")
	_, err = limited.KVv2("secret").Put(ctx, "other", map[string]any{"a": "b"})
	refused("a write outside of the policy", err, 403, "permission denied")
	refused("a deletion that the policy leaves out", limited.KVv2("secret").Delete(ctx, "genesys/orders"), 403, "permission denied")
	_, err = client("hvs.nobody").Auth().Token().LookupSelf()
	refused("a token of nobody", err, 403, "permission denied")
}

func logins(root *api.Client) {
	secret := must(client("").Logical().Write("auth/approle/login", map[string]any{"role_id": os.Getenv("JUDGE_ROLE_ID"), "secret_id": os.Getenv("JUDGE_SECRET_ID")}))
	check("an AppRole logs in", secret.Auth != nil && secret.Auth.ClientToken != "" && secret.Auth.LeaseDuration > 0)
	taken := client(secret.Auth.ClientToken)
	looked := must(taken.Auth().Token().LookupSelf())
	ttl, err := looked.TokenTTL()
	check("its token lives for a while", err == nil && ttl > 0)
	fail(taken.Auth().Token().RevokeSelf(""))
	_, err = taken.Auth().Token().LookupSelf()
	refused("a token that was revoked", err, 403, "permission denied")
	_, err = client("").Logical().Write("auth/approle/login", map[string]any{"role_id": os.Getenv("JUDGE_ROLE_ID"), "secret_id": "wrong"})
	refused("an AppRole with a wrong secret id", err, 400, "invalid role or secret ID")
}

func namespaces(root *api.Client, namespace string) {
	inside := root.WithNamespace(namespace).KVv2("secret")
	must(inside.Put(ctx, "judge/inside", map[string]any{"a": "b"}))
	check("a namespace has mounts of its own", must(inside.Get(ctx, "judge/inside")).Data["a"] == "b")
	_, err := root.KVv2("secret").Get(ctx, "judge/inside")
	check("which are not those outside", errors.Is(err, api.ErrSecretNotFound))
	_, err = root.WithNamespace("nowhere").KVv2("secret").Put(ctx, "judge/inside", map[string]any{"a": "b"})
	refused("a namespace that is not there", err, 404, "namespace not found")
}

func preflight(c *api.Client, path string) (string, string) {
	secret := must(c.Logical().Read("sys/internal/ui/mounts/" + path))
	mount, _ := secret.Data["path"].(string)
	options, _ := secret.Data["options"].(map[string]any)
	version, _ := options["version"].(string)
	return mount, version
}

func raw(c *api.Client, method, path string) (int, []string) {
	response, err := c.RawRequestWithContext(ctx, c.NewRequest(method, path))
	var answered *api.ResponseError
	if errors.As(err, &answered) {
		return answered.StatusCode, answered.Errors
	}
	fail(err)
	return response.StatusCode, nil
}

func client(token string) *api.Client {
	config := api.DefaultConfig()
	fail(config.Error)
	config.MaxRetries = 0
	c := must(api.NewClient(config))
	c.SetToken(token)
	return c
}

func refused(what string, err error, status int, reason string) {
	var answered *api.ResponseError
	fits := errors.As(err, &answered) && answered.StatusCode == status && strings.Contains(strings.Join(answered.Errors, " "), reason)
	if !fits {
		fmt.Printf("  it was: %v\n", err)
	}
	check(fmt.Sprintf("%s is refused with %d", what, status), fits)
}

func check(what string, holds bool) {
	if !holds {
		fmt.Printf("WRONG: %s\n", what)
		os.Exit(1)
	}
	fmt.Printf("ok: %s\n", what)
}

func must[T any](value T, err error) T {
	fail(err)
	return value
}

func fail(err error) {
	if err != nil {
		fmt.Printf("WRONG: %v\n", err)
		os.Exit(1)
	}
}
