package lint

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestSecrets: which entries of a container look like a secret. The keys are put together here, so that no scanner takes
// this file for a leak.
func TestSecrets(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aB3", 14)
	for _, c := range []struct {
		key, value string
		want       trace.Severity
	}{
		{"DB_PASSWORD", "hunter2!", trace.Warning},
		{"dbPassword", "hunter2!", trace.Warning},
		{"API_KEY", "a8f5f167f44f4964e6c998dee827110c", trace.Warning},
		{"SESSION_SECRET", "correct horse", trace.Warning},
		{"GITHUB_TOKEN", "gh" + "p_" + long, trace.Error},
		{"ANYTHING", "gl" + "pat-" + long, trace.Error},
		{"ANYTHING", "xo" + "xb-" + long, trace.Error},
		{"ANYTHING", "sk_" + "live_" + long, trace.Error},
		{"ANYTHING", "AK" + "IAIOSFODNN7QZ2PLKM", trace.Error},
		{"ANYTHING", "-----BEGIN " + "EC PRIVATE KEY-----\nx", trace.Error},
		{"DATABASE_URL", "postgres://app:s3cr3t@db:5432/app", trace.Error},
		{"ANYTHING", "as in EXAMPLE: " + "gh" + "p_" + long, trace.Error},
		{"ANYTHING", "AK" + "IAIOSFODNN7EXAMPLE, or AK" + "IAIOSFODNN7QZ2PLKM", trace.Error},

		{"DATABASE_URL", "postgres://app:$(DB_PASSWORD)@db:5432/app", ""},
		{"DATABASE_URL", "postgres://app:<password>@db, postgres://app:s3cr3t@db", trace.Error},
		{"DATABASE_URL", "postgres://app:PASSWORDS3@db", trace.Error},

		{"CAMERA", "rtsp://viewer:{CAM_PASSWORD}@camera:554/live", ""},
		{"DATABASE_URL", "postgres://app:DB_PASSWORD@db", ""},
		{"DB_PASSWORD", "{password}", ""},
		{"CREDENTIALS", `{"password": "hunter2"}`, trace.Warning},
		{"DATABASE_URL", "postgres://db:5432/app", ""},
		{"SCRIPT", "export X=http://$USER:$PASSWORD@$HOST:9000", ""},
		{"FORMAT", "postgres://%s:%s@db", ""},
		{"AWS_ACCESS_KEY_ID", "AK" + "IAIOSFODNN7EXAMPLE", ""},
		{"AWS_ACCESS_KEY_ID", "AK" + "IAI44QH8DHBEXAMPLE", ""},
		{"DB_PASSWORD", "", ""},
		{"DB_PASSWORD", "${DB_PASSWORD}", ""},
		{"DB_PASSWORD", "<your password>", ""},
		{"DB_PASSWORD", "changeme", ""},
		{"DB_PASSWORD", "CHANGE_ME_PLEASE", ""},
		{"DB_PASSWORD", "xxxx", ""},
		{"USE_TOKEN", "true", ""},
		{"REFRESH_TOKEN", "3600s", ""},
		{"SERVICE_ACCOUNT_TOKEN", "/var/run/secrets/token", ""},
		{"OAUTH_TOKEN", "https://login.example.com/token", ""},
		{"TOKEN_URL", "anything", ""},
		{"PASSWORD_POLICY", "strict", ""},
		{"MONKEY", "banana", ""},
		{"PRIVATE", "-----BEGIN " + "PUBLIC KEY-----", ""},
	} {
		got := trace.Severity("")
		if formOf(c.value) != "" {
			got = trace.Error
		} else if secretName.MatchString(c.key) && !harmless(c.value) {
			got = trace.Warning
		}
		if got != c.want {
			t.Errorf("%s=%s: %q, want %q", c.key, c.value, got, c.want)
		}
	}
}

// TestSecretsInOtherObjects, and that no value is ever printed.
func TestSecretsInOtherObjects(t *testing.T) {
	t.Parallel()
	token := "gh" + "p_" + strings.Repeat("aB3", 14)
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
		"Parameters":      {choreo("Component", "s", "owner: {projectName: p}, "+service+", parameters: {list: [{deep: "+token+"}]}"), trace.Error},
		"Ordinary":        {"{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a: b}}", ""},
	} {
		all := judge(t, repository(t, c.text))
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
	got := said(t, `apiVersion: openchoreo.dev/v1alpha1
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

// TestForms: the issuer is named, so that somebody knows where to revoke it.
func TestForms(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aB3", 14)
	for text, want := range map[string]string{
		"-----BEGIN " + "PRIVATE KEY-----":       "a private key",
		"-----BEGIN " + "RSA PRIVATE KEY-----":   "a private key",
		"AS" + "IAIOSFODNN7QZ2PLKM":              "an AWS access key",
		"gh" + "s_" + long:                       "a GitHub token",
		"github_" + "pat_" + long:                "a GitHub token",
		"gl" + "pat-" + long:                     "a GitLab token",
		"xo" + "xp-" + long:                      "a Slack token",
		"rk_" + "live_" + long:                   "a Stripe key",
		"AI" + "za" + long[:35]:                  "a Google API key",
		"see AI" + "za" + long[:35] + ", or not": "a Google API key",
		"amqp://user:" + "pa55@mq:5672":          "a URL with a password",
		"AI" + "za" + long[:36]:                  "",
		"sk_" + "test_" + long:                   "",
		"gh" + "p_" + long[:20]:                  "",
		"amqp://user:" + "<password>@mq:5672":    "",
		"amqp://user:@mq:5672":                   "",
		"mailto:user@example.com":                "",
	} {
		if got := formOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
