package suppress

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestDocumentedSettings: the example in the documentation has every field, and can be read.
func TestDocumentedSettings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/lint.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n# \\.choreolint\\.yaml\n(.*?)```").FindSubmatch(text)
	if example == nil {
		t.Fatal("docs/lint.md has no example that begins with # .choreolint.yaml")
	}
	s := settings(t, string(example[1]))
	if len(s.Rules) == 0 || len(s.ExternalNames) == 0 || len(s.SkipPaths) == 0 || len(s.Clusters) == 0 || s.OpenChoreoVersion == "" || s.StrictSubstitution == nil || *s.StrictSubstitution {
		t.Errorf("the example lacks a field: %+v", s)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := settings(t, `apiVersion: kubectl-choreo.dev/v1alpha1
kind: LintConfig
externalNames:
- kind: ClusterTrait
  name: platform-*
- {kind: Environment, namespace: shop, name: qa}
skipPaths: [samples/, "**/templates", a/b.yaml]
clusters: [./clusters/east/, clusters/west]
openchoreoVersion: "1.1"
strictSubstitution: false
`)
	if diff := cmp.Diff([]string{"clusters/east", "clusters/west"}, s.Clusters); diff != "" || s.OpenChoreoVersion != "1.1" || *s.StrictSubstitution {
		t.Errorf("%+v (-want +got)\n%s", s, diff)
	}
	want := []manifest.External{
		{Kind: "ClusterTrait", Name: "platform-*", Place: manifest.Place{File: SettingsFile, Line: 4}},
		{Kind: "Environment", Namespace: "shop", Name: "qa", Place: manifest.Place{File: SettingsFile, Line: 6}},
	}
	if diff := cmp.Diff(want, s.External()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for ref, want := range map[facts.Ref]bool{
		{Kind: "ClusterTrait", Name: "platform-cache"}:         true,
		{Kind: "Trait", Name: "platform-cache"}:                false,
		{Kind: "ClusterTrait", Name: "cache"}:                  false,
		{Kind: "Environment", Namespace: "shop", Name: "qa"}:   true,
		{Kind: "Environment", Namespace: "other", Name: "qa"}:  false,
		{Kind: "Environment", Namespace: "shop", Name: "prod"}: false,
	} {
		if got := isExternal(s, ref); got != want {
			t.Errorf("%s: %t, want %t", ref, got, want)
		}
	}
	for file, want := range map[string]bool{
		"samples/a.yaml": true, "samples/deep/a.yaml": true, "x/samples/a.yaml": false, "samples.yaml": false,
		"roles/web/templates/a.yaml": true, "templates/a.yaml": true, "templates.yaml": false, "a/b.yaml": true, "a/bc.yaml": false,
	} {
		if got := s.Skips(file); got != want {
			t.Errorf("%s: %t, want %t", file, got, want)
		}
	}
	if empty := settings(t, "# nothing\n"); len(empty.Rules) > 0 {
		t.Errorf("%+v", empty)
	}
}

func isExternal(s *Settings, ref facts.Ref) bool {
	for _, e := range s.External() {
		if e.Matches(ref) {
			return true
		}
	}
	return false
}

func TestSettingsRefuse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, words string }{
		"UnknownField":    {"rules: []\nskipPath: []\n", `line 2: unknown field "skipPath"`},
		"UnknownInRule":   {"rules:\n- code: TwoOwners\n  path: [a]\n", `line 3: unknown field "path"`},
		"UnknownCode":     {"rules:\n- {code: TwoOwners, severity: off}\n- {code: TwoOwner, severity: off}\n", `line 3: unknown code "TwoOwner"; did you mean "TwoOwners"?`},
		"UnknownSeverity": {"rules:\n- {code: TwoOwners, severity: fatal}\n", `line 2: invalid severity "fatal" of TwoOwners: use off, info, warning or error`},
		"NoSeverity":      {"rules:\n- {code: TwoOwners}\n", `line 2: invalid severity ""`},
		"Outside":         {"rules:\n- {code: TwoOwners, severity: off, paths: [../a]}\n", `line 2: "../a" is not a path in this repository`},
		"SkipRoot":        {"skipPaths:\n- /etc\n", `line 2: "/etc" is not a path in this repository`},
		"NoName":          {"externalNames:\n- kind: Trait\n", "line 2: an external name has a kind and a name"},
		"BadGlob":         {"externalNames:\n- {kind: Trait, name: '[a'}\n", "line 2: an external name has a kind and a name"},
		"Cluster":         {"clusters:\n- a\n- ..\n", `line 3: ".." is not a path in this repository`},
		"Version":         {"openchoreoVersion: latest\n", `invalid openchoreoVersion "latest"`},
		"OtherKind":       {"kind: Config\n", `kind "Config"`},
		"Boolean":         {"strictSubstitution: [a]\n", "line 1: a list cannot stand here"},
		"TwoDocuments":    {"rules: []\n---\nrules: []\n", "more than one document"},
	} {
		_, err := ParseSettings(SettingsFile, []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), SettingsFile) {
			t.Errorf("%s: error %v, want %q", name, err, c.words)
		}
	}
}
