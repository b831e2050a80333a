package secrets_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestSecretsInOtherObjects, and that no value is ever printed.
func TestSecretsInOtherObjects(t *testing.T) {
	t.Parallel()
	token, keyID := "gh"+"p_"+strings.Repeat("aB3", 14), "AK"+"IAIOSFODNN7QZ2PLKM"
	for name, c := range map[string]struct {
		text string
		want trace.Severity
	}{
		"Secret":          {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: hunter2}}", trace.Warning},
		"EncryptedSecret": {"{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: ENCabc}, sops: {version: 3}}", ""},
		"PrivateKey":      {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {user: '-----BEGIN " + "RSA PRIVATE KEY-----'}}", trace.Error},
		"Base64":          {"{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {x: " + base64.StdEncoding.EncodeToString([]byte(token)) + "}}", trace.Error},
		"Public":          {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {tls.crt: c, id.pub: p, known_hosts: h, username: u, dbUsername: u, other: ssh-ed25519 AAAA}}", ""},
		"NotPublic":       {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {user_key: hunter2}}", trace.Warning},
		"Placeholders":    {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: '${A}', b.ini: \"[x]\\n# y\\nkey = ${K}\\nport: 80\\n\"}}", ""},
		"OneValue":        {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {b.ini: \"[x]\\nkey = ${K}\\nsalt = hunter2\\n\"}}", trace.Warning},
		"EncryptedFile":   {"{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {v.yaml: " + base64.StdEncoding.EncodeToString([]byte("a: ENC[AES256_GCM,data:x]\nsops:\n  mac: x\n")) + "}}", ""},
		"EncryptedLines":  {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {A: 'ENC[AES256_GCM,data:x]', sops_mac: x, sops_age__list_0__map_enc: y}}", ""},
		"NotEncrypted":    {"{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {sops_password: hunter2}}", trace.Warning},
		"ConfigMap":       {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a.b: 'x " + token + "'}}", trace.Error},
		"Parameters":      {linttest.Choreo("Component", "s", "owner: {projectName: p}, "+linttest.ServiceType+", parameters: {list: [{deep: "+token+"}]}"), trace.Error},
		"KeyID":           {"{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: s}, spec: {accessKeyID: " + keyID + ", secretAccessKeySecretRef: {name: a, key: k}}}", ""},
		"KeyIDAndKey":     {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {AWS_ACCESS_KEY_ID: " + keyID + ", AWS_SECRET_ACCESS_KEY: hunter2}}", trace.Error},
		"KeyIDElsewhere":  {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {id: " + keyID + "}}", trace.Error},
		"TokenAsKeyID":    {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {accessKeyID: " + token + "}}", trace.Error},
		"Ordinary":        {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a: b}}", ""},
	} {
		all := linttest.Findings(t, linttest.Repository(t, c.text))
		got := trace.Severity("")
		for _, f := range all {
			if f.Code == trace.CodePlaintextSecret {
				got = f.Severity
			}
			if strings.Contains(f.Message+f.Hint, token) || strings.Contains(f.Message, "hunter2") {
				t.Errorf("%s: the value is printed: %s", name, f.Message)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestPlacesOfSecrets: the line and the form are said, of each entry and in each object that is not looked at entry by entry.
func TestPlacesOfSecrets(t *testing.T) {
	t.Parallel()
	key := "sk_" + "live_" + strings.Repeat("aB3", 10)
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  container:
    image: i
    env:
      - key: PLAIN
        value: v
      - key: PAYMENTS
        value: `+key+`
      - key: DB_PASSWORD
        value: hunter2!
      - key: ADDRESS_PASSWORD
        value: http://user:hunter2@db
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
data:
  list: a
  payments.conf: `+key+`
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: t}
spec:
  keys:
    - none
    - `+key+`
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
stringData:
  user: "true"
  tls.key: hunter2
data:
  password: aHVudGVyMg==
`)
	want := []string{
		"12 error PlaintextSecret: PAYMENTS holds a Stripe key",
		"14 warning PlaintextSecret: DB_PASSWORD holds what looks like a secret",
		"16 error PlaintextSecret: ADDRESS_PASSWORD holds a URL with a password",
		"23 error PlaintextSecret: ConfigMap shop/c holds a Stripe key",
		"31 error PlaintextSecret: Thing t holds a Stripe key",
		"38 warning PlaintextSecret: Secret shop/s holds tls.key in the clear",
		"40 warning PlaintextSecret: Secret shop/s holds password in the clear",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
