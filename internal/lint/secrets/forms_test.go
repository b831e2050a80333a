package secrets

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestForms: the issuer is named, so that somebody knows where to revoke it.
func TestForms(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aB3", 14)
	for text, want := range map[string]string{
		"-----BEGIN " + "PRIVATE KEY-----":                  "a private key",
		"-----BEGIN " + "PRIVATE KEY-----\n  ...\n-----END": "",
		"-----BEGIN " + "PRIVATE KEY-----\nMII...":          "a private key",
		"-----BEGIN " + "RSA PRIVATE KEY-----":              "a private key",
		"AS" + "IAIOSFODNN7QZ2PLKM":                         "an AWS access key",
		"gh" + "s_" + long:                                  "a GitHub token",
		"github_" + "pat_" + long:                           "a GitHub token",
		"gl" + "pat-" + long:                                "a GitLab token",
		"xo" + "xp-" + long:                                 "a Slack token",
		"rk_" + "live_" + long:                              "a Stripe key",
		"AI" + "za" + long[:35]:                             "a Google API key",
		"see AI" + "za" + long[:35] + ", or not":            "a Google API key",
		"amqp://user:" + "pa55@mq:5672":                     "a URL with a password",
		"AI" + "za" + long[:36]:                             "",
		"sk_" + "test_" + long:                              "",
		"gh" + "p_" + long[:20]:                             "",
		"amqp://user:" + "<password>@mq:5672":               "",
		"amqp://user:@mq:5672":                              "",
		"amqp://user:" + "password@mq:5672":                 "",
		"amqp://app:" + "password@mq:5672":                  "a URL with a password",
		"mailto:user@example.com":                           "",
	} {
		if got := formOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

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
