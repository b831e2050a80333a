package operators

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// keyPair is a key of Sealed Secrets.
type keyPair struct{ certificate, key []byte }

// TestSealedSecrets seals with the key of the controller, with one that it has no more, and for another namespace.
func TestSealedSecrets(t *testing.T) {
	needs(t, "Sealed Secrets")
	current := controllerCertificate(t)
	// The key is rotated after these were sealed: the controller keeps the old one.
	opened, rotated := seal(t, current, anywhere), seal(t, current, anywhere)
	addKey(t, "rotated", newKeyPair(t))
	runAll(t, "Sealed Secrets", append(sealedSecrets(t, current, opened), []rendered{
		{Scenario: suite.Scenario{Name: "sealed-opened", Fault: "none: a SealedSecret is opened", Want: healthy()}, objects: sealed(opened)},
		{Scenario: suite.Scenario{Name: "sealed-key-rotated", Fault: "none: the key was rotated after the value was sealed, and the controller keeps the old one", Want: healthy()}, objects: sealed(rotated)},
		recovered(t),
	}...))
}

// sealedSecrets are those that the controller cannot open. opened is a value that it can.
func sealedSecrets(t *testing.T, certificate []byte, opened string) []rendered {
	t.Helper()
	unopened := onSealed("no key could decrypt secret")
	foreign := seal(t, newKeyPair(t).certificate, anywhere)
	return []rendered{
		{
			Scenario: suite.Scenario{Name: "sealed-elsewhere", Fault: "the value was sealed for another namespace", Want: unopened},
			objects:  sealedFor(seal(t, certificate, "--scope=strict", "--namespace=elsewhere", "--name=login")),
		},
		{Scenario: suite.Scenario{Name: "sealed-key-absent", Fault: "the value was sealed with the key of another cluster", Want: unopened}, objects: sealed(foreign)},
		{Scenario: suite.Scenario{Name: "sealed-tampered", Fault: "a commit changes the sealed value by hand", Want: unopened}, objects: sealed(tampered(opened))},
		{
			Scenario: suite.Scenario{Name: "sealed-not-owned", Fault: "the Secret exists, and the SealedSecret does not own it", Want: onSealed("already exists and is not managed by SealedSecret")},
			objects:  append([]string{"apiVersion: v1\nkind: Secret\nmetadata: META\nstringData: {password: other}"}, sealed(opened)...),
		},
		{
			Scenario: suite.Scenario{Name: "sealed-release-not-opened", Fault: "the value of a new release cannot be opened, and the Secret keeps that of the release before", Want: unopened},
			objects:  sealed(fmt.Sprintf(`'${workload.container.image.endsWith(":1.0.1") ? "%s" : "%s"}'`, foreign, opened)),
			tag:      "1.0.1", first: func(ctx context.Context, p placed) error { return syncedIs(ctx, p, "True") },
			then: func(ctx context.Context, p placed) error {
				if err := syncedIs(ctx, p, "False"); err != nil {
					return err
				}
				return p.look(ctx)
			},
		},
	}
}

// recovered cannot be opened until its key comes back.
func recovered(t *testing.T) rendered {
	t.Helper()
	key := newKeyPair(t)
	return rendered{
		Scenario: suite.Scenario{Name: "sealed-recovered", Fault: "none: the key that the value was sealed with has come back", Want: healthy()},
		objects:  sealed(seal(t, key.certificate, anywhere)),
		then: func(ctx context.Context, p placed) error {
			if err := syncedIs(ctx, p, "False"); err != nil {
				return err
			}
			addKey(t, "returned", key)
			if err := syncedIs(ctx, p, "True"); err != nil {
				return err
			}
			return p.look(ctx)
		},
	}
}

// anywhere seals for all namespaces and names.
const anywhere = "--scope=cluster-wide"

// tampered changes a character in the middle of a sealed value.
func tampered(value string) string {
	at := len(value) / 2
	other := "A"
	if value[at:at+1] == other {
		other = "B"
	}
	return value[:at] + other + value[at+1:]
}

func onSealed(message string) suite.Want {
	return failed("resource", "development", "SecretNotSynced", "SealedSecret", "*", message)
}

// sealed is a SealedSecret that any namespace may open.
func sealed(value string) []string {
	return []string{`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: "${metadata.name}", namespace: "${metadata.namespace}", labels: "${metadata.labels}", annotations: {sealedsecrets.bitnami.com/cluster-wide: "true"}}
spec: {encryptedData: {password: ` + value + `}}`}
}

// sealedFor is a SealedSecret that only the namespace and the name may open that its value was sealed for.
func sealedFor(value string) []string {
	return []string{"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: META\nspec: {encryptedData: {password: " + value + "}}"}
}

func syncedIs(ctx context.Context, p placed, status string) error {
	return shared.Lab.WaitFor(ctx, p.object("bitnami.com", "SealedSecret"), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "Synced", status, "")
	})
}

// seal encrypts a value with kubeseal.
func seal(t *testing.T, certificate []byte, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tls.crt")
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), shared.Lab.Binary("kubeseal"), append([]string{"--raw", "--cert=" + file, "--from-file=/dev/stdin"}, args...)...)
	cmd.Stdin = strings.NewReader("open-sesame")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("seal: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// controllerCertificate is that of the newest key of the controller.
func controllerCertificate(t *testing.T) []byte {
	t.Helper()
	out, err := shared.Lab.Kubectl(t.Context(), "", "", "get", "secrets", "--namespace="+addon.SealedSecretsNamespace, "--selector=sealedsecrets.bitnami.com/sealed-secrets-key",
		"--sort-by=.metadata.creationTimestamp", `--output=jsonpath={.items[-1:].data.tls\.crt}`)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := base64.StdEncoding.DecodeString(out)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func newKeyPair(t *testing.T) keyPair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "sealed-secrets"}, NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return keyPair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	}
}

// addKey gives the controller a key, which it reads when it starts.
func addKey(t *testing.T, name string, pair keyPair) {
	t.Helper()
	if err := shared.Lab.Apply(t.Context(), "", fmt.Sprintf(`
apiVersion: v1
kind: Secret
metadata: {name: %s, namespace: %s, labels: {sealedsecrets.bitnami.com/sealed-secrets-key: active}}
type: kubernetes.io/tls
data: {tls.crt: %s, tls.key: %s}
`, name+*suite.Suffix, addon.SealedSecretsNamespace, base64.StdEncoding.EncodeToString(pair.certificate), base64.StdEncoding.EncodeToString(pair.key))); err != nil {
		t.Fatal(err)
	}
	if err := shared.Lab.Stop(t.Context(), addon.SealedSecretsController); err != nil {
		t.Fatal(err)
	}
	if err := shared.Lab.Restart(addon.SealedSecretsController); err != nil {
		t.Fatal(err)
	}
}
