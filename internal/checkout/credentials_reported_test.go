package checkout

import (
	"strings"
	"testing"
)

// TestCredentialsAreNotReported checks that problems of remote entries and of failed builds do not contain the credentials of a
// URL.
func TestCredentialsAreNotReported(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for name, files := range map[string]map[string]string{
		"UserInfo":   {"k/kustomization.yaml": kustomization("a.yaml", "https://ci:"+secret+"@h.example/a/b?ref=v1")},
		"Token":      {"k/kustomization.yaml": kustomization("a.yaml", "https://h.example/a.yaml?token="+secret)},
		"Generator":  {"k/kustomization.yaml": "resources: [a.yaml]\nconfigMapGenerator: [{name: g, files: ['k=https://h.example/x?sig=" + secret + "']}]\n"},
		"Unmatched":  {"k/kustomization.yaml": kustomization("a.yaml", "https://ci:"+secret+"@h.example/a") + "patches: [{target: {kind: Deployment, name: gone}, patch: '{kind: Deployment, apiVersion: apps/v1, metadata: {name: gone}}'}]\n"},
		"NotALoader": {"k/kustomization.yaml": kustomization("a.yaml") + "generators:\n  - https://ci:" + secret + "@h.example/a\n"},
	} {
		files["k/a.yaml"] = configMap("a")
		r := load(t, files)
		if len(r.Problems) == 0 {
			t.Errorf("%s: nothing is reported", name)
		}
		for _, p := range r.Problems {
			if strings.Contains(p.Message, secret) {
				t.Errorf("%s: %s", name, p.Message)
			}
		}
	}
}
