// Package secrets finds secrets in Git, and removes them from messages.
package secrets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about secrets in Git.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{secrets},
	}
}

const secretHint = "keep it in a secret store, and name it by a SecretReference; what was pushed once must be changed"

// secrets are what must not stand in Git. A value is never printed.
func secrets(ix *index.Index) {
	for _, e := range ix.Entries() {
		value := kinds.String(e.Fields, "value")
		if what := formOf(value); what != "" {
			secret(ix, e.Object, e.Path+".value", trace.Error, fmt.Sprintf("%s holds %s", e.Key, what))
		} else if secretName.MatchString(e.Key) && !harmless(value) {
			secret(ix, e.Object, e.Path+".value", trace.Warning, fmt.Sprintf("%s holds what looks like a secret", e.Key))
		}
	}
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if o.Ref.Group == kinds.Core && o.Ref.Kind == "Secret" {
			plainSecret(ix, o)
		} else if o.Ref.Kind != "Workload" && o.Ref.Kind != "ReleaseBinding" && o.Ref.Kind != "ComponentRelease" {
			if holdsForm(o.Body.Object) { // nearly none does
				formsIn(ix, o, "", o.Body.Object)
			}
		}
	}
}

func secret(ix *index.Index, o *manifest.Object, path string, severity trace.Severity, message string) {
	ix.Report(o, path, severity, trace.Finding{Code: trace.CodePlaintextSecret, Message: message, Hint: secretHint})
}

// plainSecret: a Secret in Git is encrypted by SOPS, which leaves a field of that name, or it can be read by all.
func plainSecret(ix *index.Index, o *manifest.Object) {
	if _, encrypted := o.Body.Object["sops"]; encrypted {
		return
	}
	for _, field := range []string{"data", "stringData"} {
		data, _, _ := unstructured.NestedMap(o.Body.Object, field)
		for _, key := range slices.Sorted(maps.Keys(data)) {
			if value, ok := data[key].(string); ok {
				plainEntry(ix, o, field, key, value)
			}
		}
	}
}

func plainEntry(ix *index.Index, o *manifest.Object, field, key, value string) {
	if field == "data" {
		value = decoded(value)
	}
	path := field + "[" + key + "]"
	if isEncrypted(key, value) {
		return
	}
	if what := formOf(value); what != "" {
		secret(ix, o, path, trace.Error, fmt.Sprintf("%s holds %s", o.Ref, what))
	} else if !isPublic(key, value) && !holdsNothing(value) {
		secret(ix, o, path, trace.Warning, fmt.Sprintf("%s holds %s in the clear", o.Ref, key))
	}
}

// holdsForm reports whether formsIn would find anything.
func holdsForm(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if holdsForm(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsForm)
	case string:
		return formOf(v) != ""
	}
	return false
}

// formsIn looks through all text of an object for what has the form of a key.
func formsIn(ix *index.Index, o *manifest.Object, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		isAlone := !hasSecretKey(v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if isAlone && isKeyID(key, v[key]) {
				continue
			}
			formsIn(ix, o, path+"["+key+"]", v[key])
		}
	case []any:
		for i, inner := range v {
			formsIn(ix, o, fmt.Sprintf("%s[%d]", path, i), inner)
		}
	case string:
		if what := formOf(v); what != "" {
			secret(ix, o, path, trace.Error, fmt.Sprintf("%s holds %s", o.Ref, what))
		}
	}
}

// form is how a secret of one issuer looks.
type form struct {
	what    string
	pattern *regexp.Regexp
}

func forms() []form {
	return []form{
		{"a private key", privateKey},
		{"an AWS access key", awsKey},
		{"a GitHub token", gitHubToken},
		{"a GitLab token", gitLabToken},
		{"a Slack token", slackToken},
		{"a Stripe key", stripeKey},
		{"a Google API key", googleKey},
	}
}

var (
	privateKey    = regexp.MustCompile(`-----BEGIN ([A-Z]+ )*PRIVATE KEY-----(\s+\.\.\.)?`) // with what represents the key
	awsKey        = regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)
	gitHubToken   = regexp.MustCompile(`\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{40,})`)
	gitLabToken   = regexp.MustCompile(`\bglpat-[0-9A-Za-z_-]{20,}`)
	slackToken    = regexp.MustCompile(`\bxox[abprs]-[0-9A-Za-z-]{20,}`)
	stripeKey     = regexp.MustCompile(`\b[rs]k_live_[0-9A-Za-z]{20,}`)
	googleKey     = regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}\b`)
	userInURL     = regexp.MustCompile(`[a-z]://([^/\s:@]*):([^/\s@]+)@`)
	passwordInURL = regexp.MustCompile(`([a-z]://)[^/\s:@]*:[^/\s@]+@`)
	secretName    = regexp.MustCompile(`(?i)(^|[_.-]|[a-z])(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SECRET)[_.-]?KEY)$`)
	placeholder   = regexp.MustCompile(`(?i)^(<.*>|\{[a-z0-9_ .-]*\}|\$[a-z_][a-z0-9_]*|%[a-z({].*|\[.*\]|.*\$[({].*[)}].*|.*\{\{.*\}\}.*|x+|\*+|\.+|-+|(.*[^a-z])?(change[_ -]?me|replace[_ -]?me|placeholder|todo|fixme|dummy|redacted|example|your[_ -].*)([^a-z].*)?)$`)
	// placeholderName matches the name of a variable where its value is to be: PASSWORD, CAM_PASSWORD.
	placeholderName = regexp.MustCompile(`^([A-Z0-9]+_)*(PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY)$`)
	// exampleUser matches the names of the parts where the user and the password of a URL are to be, as in the comments of configuration files.
	exampleUser = regexp.MustCompile(`(?i)^user(_?name)?:(password|passwd|pass|pwd|secret)$`)
	ordinary    = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|none|null|[0-9]+(\.[0-9]+)?[a-z]{0,2}|(/[^/\s]+)+|https?://[^@\s]*)$`)
)

// shortestForm is the length of the shortest text with one of the forms, an AWS access key.
const shortestForm = 20

// formOf returns what a text is by its form alone; "" if that is unknown.
func formOf(text string) string {
	if len(text) < shortestForm && !strings.Contains(text, "://") {
		return ""
	}
	for _, f := range forms() {
		for _, key := range f.pattern.FindAllString(text, -1) {
			if !placeholder.MatchString(key) && !strings.Contains(key, "EXAMPLE") && !strings.HasSuffix(key, "...") {
				return f.what
			}
		}
	}
	for _, m := range userInURL.FindAllStringSubmatch(text, -1) {
		if !placeholder.MatchString(m[2]) && !placeholderName.MatchString(m[2]) && !exampleUser.MatchString(m[1]+":"+m[2]) {
			return "a URL with a password"
		}
	}
	return ""
}

// Redact removes what has the form of a secret from a text.
func Redact(text string) string {
	for _, f := range forms() {
		text = f.pattern.ReplaceAllString(text, "…")
	}
	return passwordInURL.ReplaceAllString(text, "$1…@")
}

// harmless is a value that represents another one, or that is no likely secret: a number, a switch, a path, a URL.
func harmless(value string) bool {
	value = strings.TrimSpace(value)
	return value == "" || placeholder.MatchString(value) || ordinary.MatchString(value)
}
