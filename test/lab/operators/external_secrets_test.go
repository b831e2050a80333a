package operators

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestExternalSecrets reads from the fake provider, and from the API server of the lab by the Kubernetes provider.
func TestExternalSecrets(t *testing.T) {
	needs(t, "External Secrets")
	if err := shared.Lab.Apply(t.Context(), "", platformStores()); err != nil {
		t.Fatal(err)
	}
	runAll(t, "External Secrets", append(append(fakeSecrets(), releasedSecrets()...), clusterSecrets(t)...))
}

// fakeSecrets read from a SecretStore of the component.
func fakeSecrets() []rendered {
	fake := store("{fake: {data: [{key: login, value: open-sesame}]}}")
	return []rendered{
		{Scenario: suite.Scenario{Name: "es-synced", Fault: "none: an ExternalSecret reads from its store", Want: healthy()}, objects: []string{fake, externalSecret("login", "")}},
		{
			Scenario: suite.Scenario{Name: "es-key-absent", Fault: "the store has no such key", Want: onExternal("(key: ghost), err: Secret does not exist")},
			objects:  []string{fake, externalSecret("ghost", "")},
		},
		{
			Scenario: suite.Scenario{Name: "es-store-absent", Fault: "the SecretStore of the ExternalSecret does not exist", Want: onStore("ghost", "")},
			objects:  []string{fromStore("{name: ghost}", externalSecret("login", ""))},
		},
		{
			Scenario: suite.Scenario{
				Name: "es-merge-without-secret", Fault: "the Secret that the ExternalSecret is merged into does not exist", Timeout: 8 * time.Minute,
				Want: onExternal("secret will not be created due to CreationPolicy=Merge"),
			},
			objects: []string{fake, externalSecret("login", "target: {creationPolicy: Merge}")},
		},
		{
			Scenario: suite.Scenario{Name: "es-template-invalid", Fault: "the template of the Secret cannot be parsed", Want: onExternal(`function "ghost" not defined`)},
			objects:  []string{fake, externalSecret("login", `target: {template: {data: {password: "{{ .password | ghost }}"}}}`)},
		},
		{
			Scenario: suite.Scenario{Name: "es-recovered", Fault: "none: the SecretStore was created after the ExternalSecret had failed, which was then refreshed", Want: healthy()},
			objects:  []string{fromStore("{name: late}", externalSecret("login", ""))}, then: lateStore,
		},
		{
			Scenario: suite.Scenario{Name: "es-deleted", Fault: "the key left the store, and deletionPolicy Delete deletes the Secret", Want: onExternal("secret deleted due to DeletionPolicy=Delete")},
			objects:  []string{fromStore("{kind: ClusterSecretStore, name: emptied}", often(externalSecret("login", "target: {deletionPolicy: Delete}")))}, then: emptied,
		},
	}
}

// releasedSecrets have a second release, which reads something else.
func releasedSecrets() []rendered {
	versions := store("{fake: {data: [{key: login, value: open-sesame, version: v1}, {key: login, value: closed-sesame, version: v2}]}}")
	next := func(after, before string) string {
		return fmt.Sprintf(`'${workload.container.image.endsWith(":1.0.1") ? "%s" : "%s"}'`, after, before)
	}
	versioned := externalSecret("login, version: "+next("v2", "v1"), "")
	return []rendered{
		{
			Scenario: suite.Scenario{Name: "es-release-synced", Fault: "none: a new release reads the next version of the key", Want: healthy()},
			objects:  []string{versions, versioned}, tag: "1.0.1", first: externalReady("True"), then: syncedAt(2),
		},
		{
			Scenario: suite.Scenario{Name: "es-release-key-absent", Fault: "a new release reads a key that the store does not have, and the Secret keeps its data", Want: onExternal("(key: ghost), err: Secret does not exist")},
			objects:  []string{store("{fake: {data: [{key: login, value: open-sesame}]}}"), externalSecret(next("ghost", "login"), "")}, tag: "1.0.1", first: externalReady("True"),
			then: func(ctx context.Context, p placed) error {
				if err := externalReady("False")(ctx, p); err != nil {
					return err
				}
				return p.look(ctx)
			},
		},
		{
			Scenario: suite.Scenario{
				Name: "es-release-not-synced", Fault: "a new release reads the next version of the key, and an ExternalSecret with refreshInterval 0 is synced only once",
				Want: suite.Want{Exit: 3, Verdict: "Healthy", Finding: "SecretNotSynced", Contains: "generation 2 is not synced"}, Fix: []string{"kubectl delete secret "},
			},
			objects: []string{versions, strings.Replace(versioned, "refreshInterval: 1h", `refreshInterval: "0"`, 1)}, tag: "1.0.1", first: externalReady("True"), then: atGeneration(2),
		},
	}
}

// clusterSecrets read from a store of the platform, and from the API server.
func clusterSecrets(t *testing.T) []rendered {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", shared.Lab.Kubeconfig(""))
	if err != nil {
		t.Fatal(err)
	}
	// The API server wrote its certificate and that of its authority.
	authority, err := os.ReadFile(filepath.Join(filepath.Dir(shared.Lab.Kubeconfig("")), "apiserver.crt"))
	if err != nil {
		t.Fatal(err)
	}
	remote := func(account string) string {
		return store(fmt.Sprintf(`{kubernetes: {remoteNamespace: vault, server: {url: %q, caBundle: %s}, auth: {serviceAccount: {name: %s}}}}`,
			config.Host, base64.StdEncoding.EncodeToString(authority), account))
	}
	return []rendered{
		{
			Scenario: suite.Scenario{Name: "es-kubernetes", Fault: "none: an ExternalSecret reads from another namespace of the cluster", Want: healthy()},
			objects:  []string{account("reader"), remote("reader"), externalSecret("login, property: password", "")}, then: grantReader,
		},
		{
			Scenario: suite.Scenario{Name: "es-store-denied", Fault: "the account of the SecretStore may read no Secret", Want: onStore("*", "client is not allowed to get secrets")},
			objects:  []string{account("stranger"), remote("stranger"), externalSecret("login, property: password", "")},
		},
		{
			Scenario: suite.Scenario{Name: "es-namespace-denied", Fault: "the ClusterSecretStore does not admit the namespace of the ExternalSecret", Want: onExternal("denied by spec.condition")},
			objects:  []string{fromStore("{kind: ClusterSecretStore, name: restricted}", externalSecret("login", ""))},
		},
	}
}

func onExternal(message string) suite.Want {
	return failed("resource", "development", "SecretNotSynced", "ExternalSecret", "*", message)
}

func onStore(name, message string) suite.Want {
	return failed("resource", "development", "SecretStoreNotReady", "SecretStore", name, message)
}

// platformStores are ClusterSecretStores, of which "restricted" admits one namespace only.
func platformStores() string {
	const cluster = "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: %s}\nspec: {provider: {fake: {data: [{key: login, value: open-sesame}]}}%s}\n"
	return fmt.Sprintf(cluster, "emptied", "") + "---\n" + fmt.Sprintf(cluster, "restricted", ", conditions: [{namespaces: [elsewhere]}]")
}

func store(provider string) string {
	return "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: META\nspec: {provider: " + provider + "}"
}

// externalSecret reads one key. more has further lines of its spec.
func externalSecret(key, more string) string {
	return `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: META
spec:
  refreshInterval: 1h
  secretStoreRef: {name: "${metadata.name}"}
  data: [{secretKey: password, remoteRef: {key: ` + key + `}}]
  ` + more
}

// fromStore replaces the reference to the store.
func fromStore(reference, secret string) string {
	return strings.Replace(secret, `{name: "${metadata.name}"}`, reference, 1)
}

// often refreshes an ExternalSecret every few seconds.
func often(secret string) string { return strings.Replace(secret, "1h", "3s", 1) }

func account(name string) string {
	return "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: " + name + `, namespace: "${metadata.namespace}"}`
}

// externalReady waits for the status of Ready.
func externalReady(status string) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		return shared.Lab.WaitFor(ctx, p.externalSecret(), func(u *unstructured.Unstructured) error { return client.HasCondition(u, "Ready", status, "") })
	}
}

// atGeneration waits until OpenChoreo has applied that generation.
func atGeneration(generation int64) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		return shared.Lab.WaitFor(ctx, p.externalSecret(), func(u *unstructured.Unstructured) error {
			if u == nil || u.GetGeneration() < generation {
				return fmt.Errorf("it is not at generation %d yet", generation)
			}
			return nil
		})
	}
}

// syncedAt waits until that generation is synced.
func syncedAt(generation int64) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		return shared.Lab.WaitFor(ctx, p.externalSecret(), func(u *unstructured.Unstructured) error {
			if u == nil {
				return fmt.Errorf("it does not exist")
			}
			if synced, _, _ := unstructured.NestedString(u.Object, "status", "syncedResourceVersion"); !strings.HasPrefix(synced, fmt.Sprintf("%d-", generation)) {
				return fmt.Errorf("%q is synced", synced)
			}
			return nil
		})
	}
}

func (p placed) externalSecret() client.Object {
	return p.object("external-secrets.io", "ExternalSecret")
}
