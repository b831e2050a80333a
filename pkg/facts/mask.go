package facts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// masker replaces values by tokens. Equal values get equal tokens within one file, so that a later reader can still
// tell that a release differs from its workload without learning either.
type masker struct {
	off    bool
	tokens map[string]string
	counts map[string]int
}

func newMasker(off bool) *masker {
	return &masker{off: off, tokens: map[string]string{}, counts: map[string]int{}}
}

func (m *masker) count(what string, n int) {
	if n > 0 {
		m.counts[what] += n
	}
}

// summary says what was masked, in plain words.
func (m *masker) summary() []string {
	lines := []string{}
	for what, n := range m.counts {
		lines = append(lines, fmt.Sprintf("%s: %d", what, n))
	}
	slices.Sort(lines)
	return lines
}

func (m *masker) token(value, what string) string {
	if value == "" || m.off {
		return value
	}
	m.count(what, 1)
	if _, known := m.tokens[value]; !known {
		m.tokens[value] = fmt.Sprintf("masked-%d", len(m.tokens)+1)
	}
	return m.tokens[value]
}

var (
	// A user part in a URL; also in the middle of a message.
	urlCredentials = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)[^/\s@'"]+@`)
	urlTokens      = regexp.MustCompile(`(?i)([?&](?:access_token|token|sig|signature|x-amz-signature|x-amz-credential|password|key)=)[^&\s'"]+`)
	privateKeys    = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)`)
	bearerTokens   = regexp.MustCompile(`(?i)\b(bearer\s+)[A-Za-z0-9._~+/-]{16,}=*`)
	jsonWebTokens  = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)
)

// text masks the credentials that may stand in any string. It also runs when values are included: a password in a
// URL is no value that a diagnosis needs.
func (m *masker) text(s string) string {
	for what, rule := range map[string]struct {
		find *regexp.Regexp
		with string
	}{
		"credentials in URLs": {urlCredentials, "${1}***@"},
		"tokens in URLs":      {urlTokens, "${1}***"},
		"private keys":        {privateKeys, "***private key***"},
		"bearer tokens":       {bearerTokens, "${1}***"},
		"web tokens":          {jsonWebTokens, "***token***"},
	} {
		if found := rule.find.FindAllStringIndex(s, -1); found != nil {
			m.count(what, len(found))
			s = rule.find.ReplaceAllString(s, rule.with)
		}
	}
	return s
}

// object returns a masked copy of the body.
func (m *masker) object(u *unstructured.Unstructured) map[string]any {
	masked, _ := m.walk(u.Object, place{kind: u.GetKind()}).(map[string]any)
	return masked
}

// place is where in an object the walk is.
type place struct {
	kind string // of the innermost object: RenderedReleases hold whole objects
	key  string // of the field
	list string // of the list that holds the item
}

func (m *masker) walk(value any, at place) any {
	switch v := value.(type) {
	case map[string]any:
		return m.walkMap(v, at)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = m.walk(item, place{at.kind, at.key, at.key})
		}
		return items
	case string:
		return m.text(v)
	}
	return value
}

func (m *masker) walkMap(v map[string]any, at place) map[string]any {
	if kind, ok := v["kind"].(string); ok && v["apiVersion"] != nil {
		at.kind = kind
	}
	masked := make(map[string]any, len(v))
	for _, key := range sortedKeys(v) {
		inside := place{at.kind, key, ""}
		what, secret := sensitive(v, key, at)
		switch {
		case secret && !m.off:
			masked[key] = m.hide(v[key], what)
		default:
			masked[key] = m.walk(v[key], inside)
		}
	}
	return masked
}

func sortedKeys(v map[string]any) []string {
	keys := make([]string, 0, len(v))
	for key := range v {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// sensitive says whether a field holds something that must not leave the cluster, and what to call it.
func sensitive(parent map[string]any, key string, at place) (what string, secret bool) {
	switch {
	case key == "value" && (at.list == "env" || at.list == "envs"):
		return "environment values", true
	case key == "value" && at.list == "files":
		return "file contents", true
	case at.kind == "ConfigMap" && (key == "data" || key == "binaryData") && parent["kind"] != nil:
		return "ConfigMap entries", true
	case at.kind == "Secret" && (key == "data" || key == "stringData" || key == "binaryData") && parent["kind"] != nil:
		return "Secret entries", true
	case at.kind == "Kustomization" && key == "substitute":
		return "substitutions", true
	case at.kind == "HelmRelease" && key == "values":
		return "Helm values", true
	}
	return "values with a secret's name", looksSecret(key)
}

// secretNames are endings of keys whose values are masked wherever they stand; references to a Secret are not.
var secretNames = regexp.MustCompile(`(?i)(password|passwd|apikey|api_key|privatekey|private_key|accesstoken|access_token|clientsecret|client_secret)$`)

func looksSecret(key string) bool { return secretNames.MatchString(key) }

// hide masks every string, number and truth value below v, and keeps the shape.
func (m *masker) hide(v any, what string) any {
	switch t := v.(type) {
	case nil:
		return nil
	case map[string]any:
		hidden := make(map[string]any, len(t))
		for _, key := range sortedKeys(t) {
			hidden[key] = m.hide(t[key], what)
		}
		return hidden
	case []any:
		hidden := make([]any, len(t))
		for i, item := range t {
			hidden[i] = m.hide(item, what)
		}
		return hidden
	}
	return m.token(strings.TrimSpace(fmt.Sprint(v)), what)
}
