package operators

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// encrypted is a component whose repository has a Secret that is encrypted with SOPS, and that kustomize-controller decrypts.
type encrypted struct {
	suite.Scenario
	plain bool // the Kustomization has no spec.decryption
	// then acts after the commit of the encrypted Secret; key is the one that decrypts it.
	then func(ctx context.Context, k *kustomized, key string) error
}

func encryptedSecrets() []encrypted {
	build := func(name, message string) suite.Want {
		return failed("delivery", "", "KustomizationBuildFailed", "Kustomization", name, message)
	}
	return []encrypted{
		{
			Scenario: suite.Scenario{Name: "sops-decrypted", Fault: "none: a Secret of the repository is encrypted with SOPS, and Flux has the key", Want: healthy()},
			then:     func(ctx context.Context, k *kustomized, key string) error { return k.grant(ctx, key) },
		},
		{
			Scenario: suite.Scenario{Name: "sops-key-wrong", Fault: "the key in spec.decryption is not one that the Secret was encrypted for", Want: build("sops-key-wrong", "cannot get sops data key")},
			then:     wrongKey,
		},
		{
			Scenario: suite.Scenario{Name: "sops-key-absent", Fault: "the Secret with the key in spec.decryption does not exist", Want: build("sops-key-absent", `secrets "sops-key-absent-age" not found`)},
		},
		{
			Scenario: suite.Scenario{
				// Only the data of the Secret shows it, which is never read; lint reports it.
				Name: "sops-not-configured", Fault: "a Secret is encrypted with SOPS, and the Kustomization has no spec.decryption: Flux applies the encrypted values and is Ready", Want: healthy(),
			},
			plain: true,
		},
		{
			Scenario: suite.Scenario{Name: "sops-tampered", Fault: "a commit changes an encrypted value by hand", Want: build("sops-tampered", "message authentication failed")},
			then:     tamper,
		},
		{
			Scenario: suite.Scenario{Name: "sops-recovered", Fault: "none: the right key has replaced a wrong one, and the Kustomization was retried", Want: healthy()},
			then: func(ctx context.Context, k *kustomized, key string) error {
				if err := wrongKey(ctx, k, key); err != nil {
					return err
				}
				return k.grant(ctx, key)
			},
		},
	}
}

// TestSOPS commits an encrypted Secret together with a release.
func TestSOPS(t *testing.T) {
	needs(t, "SOPS")
	for _, e := range encryptedSecrets() {
		t.Run(e.Name, e.run)
	}
}

func (e encrypted) run(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	key, recipient := ageKey(ctx, t)
	k := newRepository(ctx, t, e.Name, "").kustomize(ctx, t, "")
	if !e.plain {
		spec := strings.ReplaceAll(`{"spec":{"decryption":{"provider":"sops","secretRef":{"name":"NAME-age"}}}}`, "NAME", k.object.Name)
		if err := shared.Lab.Patch(ctx, k.object, spec); err != nil {
			t.Fatal(err)
		}
	}
	commit, err := k.commit(ctx, "release with an encrypted Secret", func() error { return k.encrypt(ctx, recipient) })
	if err != nil {
		t.Fatal(err)
	}
	if e.then != nil {
		if err := e.then(ctx, k, key); err != nil {
			t.Fatal(err)
		}
	}
	if e.Want.Exit == 0 {
		if err := shared.Lab.WaitForApplied(ctx, k.object, commit); err != nil {
			t.Fatal(err)
		}
	}
	s := e.Scenario
	s.Suite, s.Namespace, s.Component, s.Timeout = shared, k.Options.Namespace, e.Name, 3*time.Minute
	s.Await(ctx, t)
	s.Finish(ctx, t)
}

const secret = `apiVersion: v1
kind: Secret
metadata: {name: NAME-login, namespace: NAMESPACE}
stringData: {password: open-sesame}
`

// encrypt releases the next version, and writes a Secret that only the recipient can read.
func (k *kustomized) encrypt(ctx context.Context, recipient string) error {
	text := strings.NewReplacer("NAMESPACE", k.Options.Namespace, "NAME", k.name).Replace(secret)
	if err := k.Write(k.file("login.yaml"), text); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, shared.Lab.Binary("sops"), "encrypt", "--age", recipient, "--encrypted-regex", "^(data|stringData)$", "--in-place", k.file("login.yaml"))
	cmd.Dir = k.Checkout.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("encrypt with sops: %w: %s", err, out)
	}
	_, err := k.Release(k.name, "1.0.1", "development")
	return err
}

// grant gives Flux a key.
func (k *kustomized) grant(ctx context.Context, key string) error {
	return shared.Lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: v1
kind: Secret
metadata: {name: %s-age, namespace: flux-system}
stringData: {keys.agekey: %s}
`, k.object.Name, key))
}

func wrongKey(ctx context.Context, k *kustomized, _ string) error {
	out, err := exec.CommandContext(ctx, shared.Lab.Binary("age-keygen")).Output()
	if err != nil {
		return fmt.Errorf("generate an age key: %w", err)
	}
	if err := k.grant(ctx, privateKey(out)); err != nil {
		return err
	}
	return k.fails(ctx, "BuildFailed")
}

// tamper changes a character of the encrypted value.
func tamper(ctx context.Context, k *kustomized, key string) error {
	if err := k.grant(ctx, key); err != nil {
		return err
	}
	_, err := k.commit(ctx, "change the password by hand", func() error {
		path := filepath.Join(k.Checkout.Dir, k.file("login.yaml"))
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		value := regexp.MustCompile(`data:(.)`).FindSubmatch(text)
		if value == nil {
			return fmt.Errorf("%s has no encrypted value", path)
		}
		other := "A"
		if string(value[1]) == other {
			other = "B"
		}
		return os.WriteFile(path, []byte(strings.Replace(string(text), string(value[0]), "data:"+other, 1)), 0o644)
	})
	return err
}

// ageKey generates a key pair of age.
func ageKey(ctx context.Context, t *testing.T) (key, recipient string) {
	t.Helper()
	out, err := exec.CommandContext(ctx, shared.Lab.Binary("age-keygen")).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`public key: (age1\S+)`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("age-keygen prints no public key")
	}
	return privateKey(out), string(found[1])
}

func privateKey(out []byte) string { return string(regexp.MustCompile(`AGE-SECRET-KEY-\S+`).Find(out)) }
