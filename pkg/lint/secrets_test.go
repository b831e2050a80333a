package lint

import (
	"strings"
	"testing"

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
