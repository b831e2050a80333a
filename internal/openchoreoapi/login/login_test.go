package login

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

// token is a JWT that expires at a time.
func token(expiry int64) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"RS256"}`) + "." + part(fmt.Sprintf(`{"sub":"user","exp":%d}`, expiry)) + ".c2ln"
}

func TestGiven(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address, token string
		want           string // part of the error; "" for none
	}{
		"HTTPS":             {"https://api.example.com", "abc", ""},
		"Port":              {"https://api.example.com:8443/", "abc", ""},
		"Prefix":            {"https://example.com/openchoreo", "abc", ""},
		"LoopbackAddress":   {"http://127.0.0.1:8080", "abc", ""},
		"LoopbackOfV6":      {"http://[::1]:8080", "abc", ""},
		"Localhost":         {"http://localhost:8080", "abc", ""},
		"BelowLocalhost":    {"http://api.openchoreo.localhost:8080", "abc", ""},
		"HTTPWithoutToken":  {"http://api.example.com", "", ""},
		"TokenOverHTTP":     {"http://api.example.com", "abc", "a token is not sent over http to api.example.com"},
		"LikeLocalhost":     {"http://localhost.example.com", "abc", "not sent over http"},
		"LikeLoopback":      {"http://127.0.0.1.example.com", "abc", "not sent over http"},
		"OtherAddress":      {"http://10.0.0.1", "abc", "not sent over http"},
		"OtherScheme":       {"file:///etc/passwd", "abc", "no URL of a server"},
		"NoScheme":          {"api.example.com", "abc", "no URL of a server"},
		"NoHost":            {"https://:443", "abc", "no URL of a server"},
		"Password":          {"https://a:secret@example.com", "abc", "a user or a password"},
		"Query":             {"https://example.com?x=y", "abc", "a query"},
		"Invalid":           {"https://a:secret@exa mple.com", "abc", "it is no URL"},
		"TokenOfTwoLines":   {"https://example.com", "abc\r\nX-Evil: 1", "no bearer token"},
		"TokenTooLong":      {"https://example.com", strings.Repeat("a", maxToken+1), "no bearer token"},
		"TokenWithNewlines": {"https://example.com", "abc\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Given(c.address, environment(map[string]string{TokenVariable: c.token}))
			if c.want == "" {
				if err != nil || l.URL == nil || l.Token != strings.TrimSpace(c.token) {
					t.Errorf("%+v, error %v", l, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
}

// TestExpiredAt: a token that says nothing about its expiry, or nothing that can be read, is for the API to judge.
func TestExpiredAt(t *testing.T) {
	t.Parallel()
	now := time.Unix(2_000_000_000, 0)
	for text, want := range map[string]bool{
		token(1_999_999_999): true, token(2_000_000_000): true, token(2_000_000_001): false, token(0): false,
		"": false, "opaque": false, "a.b.c": false, "a.e30.c": false, token(1 << 60): false,
	} {
		if at, expired := (Login{Token: text}).ExpiredAt(now); expired != want {
			t.Errorf("%s: expired %v at %s, want %v", text, expired, at, want)
		}
	}
}

// written is the file that occ writes (openchoreo v1.2.3 internal/occ/cmd/config/types.go).
const written = `currentContext: work
controlplanes:
  - name: home
    url: http://api.openchoreo.localhost:8080
  - name: company
    url: https://api.example.com
credentials:
  - name: me
    clientId: cli
    token: first
    refreshToken: again
    authMethod: authorization_code
  - name: robot
    clientId: ci
    clientSecret: hidden
    token: second
contexts:
  - name: quickstart
    controlplane: home
    credentials: robot
  - name: work
    controlplane: company
    credentials: me
    namespace: default
`

func TestOfOCC(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text        string
		url, token  string
		found       bool
		wantInError string
	}{
		"Current":       {written, "https://api.example.com", "first", true, ""},
		"Other":         {strings.Replace(written, "currentContext: work", "currentContext: quickstart", 1), "http://api.openchoreo.localhost:8080", "second", true, ""},
		"NoCredentials": {strings.Replace(written, "    credentials: me\n", "", 1), "https://api.example.com", "", true, ""},
		"NoToken":       {strings.Replace(written, "    token: first\n", "", 1), "https://api.example.com", "", true, ""},
		"NoContext":     {strings.Replace(written, "currentContext: work", "", 1), "", "", false, ""},
		"LostContext":   {strings.Replace(written, "currentContext: work", "currentContext: lost", 1), "", "", false, ""},
		"LostPlane":     {strings.Replace(written, "controlplane: company", "controlplane: lost", 1), "", "", false, ""},
		"Empty":         {"", "", "", false, ""},
		"NewField":      {"version: 2\n" + written, "https://api.example.com", "first", true, ""},
		"Invalid":       {"currentContext: [secret", "", "", false, "is invalid"},
		"OtherForm":     {"contexts: secret", "", "", false, "is invalid"},
		"TokenOverHTTP": {strings.Replace(written, "https://api.example.com", "http://api.example.com", 1), "", "", false, "not sent over http"},
		"TooLarge":      {strings.Repeat("# comment\n", maxConfiguration/8), "", "", false, "larger than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			path := filepath.Join(home, ".openchoreo", "config")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			l, found, err := OfOCC(environment(map[string]string{"HOME": home}))
			if c.wantInError != "" {
				if err == nil || !strings.Contains(err.Error(), c.wantInError) || strings.Contains(err.Error(), "secret") {
					t.Errorf("error %v, want one about %q", err, c.wantInError)
				}
				return
			}
			got := ""
			if l.URL != nil {
				got = l.URL.String()
			}
			if diff := cmp.Diff([]any{c.url, c.token, c.found, nil}, []any{got, l.Token, found, err}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestOfOCCWithoutAFile(t *testing.T) {
	t.Parallel()
	for _, variables := range []map[string]string{{}, {"HOME": t.TempDir()}} {
		if l, found, err := OfOCC(environment(variables)); found || err != nil {
			t.Errorf("%+v, %v, %v", l, found, err)
		}
	}
}
