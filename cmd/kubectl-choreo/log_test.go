//go:build unix

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// hostileWords is valid JSON that contains commands of a terminal and of GitHub's runner.
const hostileWords = "x\u009b2J\u202e \\n::error::forged ##[error]forged"

// TestLogOfRequests checks that the log has kubectl's format, goes to standard error, and contains no token.
func TestLogOfRequests(t *testing.T) {
	t.Parallel()
	const token, password = "s3cret-t0ken", "s3cret-passw0rd"
	const url, status, header, body = `/apis/openchoreo.dev/v1alpha1/namespaces/default/components`, `status="403 Forbidden"`, "Accept: application/json", `Response Body`
	for level, want := range map[string][]string{
		"0": nil,
		"6": {url, status},
		"8": {url, status, header, body, "Authorization: Bearer <masked>"},
		"9": {url, status, header, body, "curl -v -XGET", "Authorization: Bearer <masked>"},
	} {
		for user, secret := range map[string]string{"token: " + token: token, "username: u, password: " + password: password} {
			config := cluster(t, user, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") == "" {
					t.Error("the request has no credentials")
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = fmt.Fprintf(w, `{"apiVersion":"v1","kind":"Status","status":"Failure","code":403,"reason":"Forbidden","message":"%s"}`, hostileWords)
			})
			p := start(t, nil, "trace", "greeter", "--kubeconfig", config, "-v", level)
			_ = p.Wait()
			stderr := p.said("stderr")
			if code := p.ProcessState.ExitCode(); code == 0 || p.said("stdout") != "" {
				t.Errorf("-v %s: exit %d, stdout %q", level, code, p.said("stdout"))
			}
			for _, words := range want {
				if words = strings.ReplaceAll(words, "Bearer", map[bool]string{true: "Bearer", false: "Basic"}[secret == token]); !strings.Contains(stderr, words) {
					t.Errorf("-v %s does not log %q:\n%s", level, words, stderr)
				}
			}
			for _, never := range []string{secret, "\u009b", "\u202e", "##["} {
				if strings.Contains(stderr, never) {
					t.Errorf("-v %s logs %q:\n%s", level, never, stderr)
				}
			}
			if level == "0" && (strings.Contains(stderr, "GET") || strings.Contains(stderr, "milliseconds")) {
				t.Errorf("without -v there is a log:\n%s", stderr)
			}
		}
	}
}
