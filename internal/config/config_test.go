package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Config\n"

// settled writes a settings file and returns an environment that names it.
func settled(t *testing.T, text string) (path string, getenv func(string) string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, environment(map[string]string{"KUBECTL_CHOREO_CONFIG": path})
}

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []Plane
	}{
		"Planes": {head + "planes:\n- {name: prod, context: prod-cluster}\n- name: acme/edge\n  context: arn:aws:eks:eu-west-1:1:cluster/edge\n", []Plane{
			{"prod", "prod-cluster"}, {"acme/edge", "arn:aws:eks:eu-west-1:1:cluster/edge"},
		}},
		"NoPlanes": {head, nil},
		"Empty":    {"\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, getenv := settled(t, c.text)
			got, err := Read(getenv)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Settings{Path: path, Planes: c.want}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadDefaults(t *testing.T) {
	t.Parallel()
	path, getenv := settled(t, head+"environments: [development, staging]\ncolor: never\n")
	got, err := Read(getenv)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Settings{Path: path, Environments: []string{"development", "staging"}, Color: "never"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, words string }{
		"UnknownField":      {head + "plane: []\n", `line 3: unknown field "plane"`},
		"TwoDocuments":      {head + "---\n" + head, "more than one document"},
		"TextForList":       {head + "planes: prod\n", "line 3: a text cannot stand here"},
		"MapForText":        {head + "color: {}\n", "line 3: a map cannot stand here"},
		"ListForName":       {head + "environments: [[a]]\n", "line 3: a list cannot stand here"},
		"ListForAll":        {"- a\n", "line 1: a list cannot stand here"},
		"UnknownColor":      {head + "color: red\n", `unknown value "red" of color`},
		"NamelessPlace":     {head + "environments: ['']\n", "environments must have names"},
		"UnknownPlaneField": {head + "planes:\n- {name: prod, contxt: x}\n", `line 4: unknown field "contxt"`},
		"FieldTwice":        {head + "planes: []\nplanes: []\n", `line 4: mapping key "planes" already defined at line 3`},
		"NotYAML":           {"\tx", "yaml"},
		"OtherKind":         {"apiVersion: v1\nkind: Config\n", `apiVersion "v1" and kind "Config" are not`},
		"NewerVersion":      {"apiVersion: kubectl-choreo.dev/v9\nkind: Config\n", `apiVersion "kubectl-choreo.dev/v9"`},
		"NoContext":         {head + "planes:\n- name: prod\n", "planes[0] must have a name and a context"},
		"NoName":            {head + "planes:\n- context: prod\n", "planes[0] must have a name and a context"},
		"PlaneTwice":        {head + "planes:\n- {name: prod, context: a}\n- {name: prod, context: b}\n", "plane prod is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, getenv := settled(t, c.text)
			_, err := Read(getenv)
			if err == nil || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), path) {
				t.Fatalf("error %v, want %q and the file", err, c.words)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %v", err)
			}
		})
	}
}

func TestReadFindsTheFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		variables map[string]string
		want      string
	}{
		"Named":       {map[string]string{"KUBECTL_CHOREO_CONFIG": "/a/b.yaml", "XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/a/b.yaml"},
		"ConfigHome":  {map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/kubectl-choreo/config.yaml"},
		"Relative":    {map[string]string{"XDG_CONFIG_HOME": "x", "HOME": "/h"}, "/h/.config/kubectl-choreo/config.yaml"},
		"Here":        {map[string]string{"XDG_CONFIG_HOME": "."}, ""},
		"Home":        {map[string]string{"HOME": "/h"}, "/h/.config/kubectl-choreo/config.yaml"},
		"WindowsHome": {map[string]string{"USERPROFILE": "/u"}, "/u/.config/kubectl-choreo/config.yaml"},
		"Nowhere":     {nil, ""},
	} {
		if got := filepath.ToSlash(file(environment(c.variables))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAbsentFileSaysNothing(t *testing.T) {
	t.Parallel()
	for name, variables := range map[string]map[string]string{
		"NoHome": nil,
		"NoFile": {"HOME": t.TempDir()},
	} {
		got, err := Read(environment(variables))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(Settings{}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUnreadable checks that an unreadable file is an error that names the file and the fix. A missing file that the user named
// is one as well.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	usual := filepath.Join(home, ".config", "kubectl-choreo", "config.yaml")
	if err := os.MkdirAll(usual, 0o700); err != nil { // a folder cannot be read as a file, not even by root
		t.Fatal(err)
	}
	absent := filepath.Join(home, "absent.yaml")
	for name, c := range map[string]struct {
		variables map[string]string
		words     []string
	}{
		"Usual":       {map[string]string{"HOME": home}, []string{usual, "name another file with KUBECTL_CHOREO_CONFIG"}},
		"Named":       {map[string]string{"KUBECTL_CHOREO_CONFIG": home}, []string{home, "correct or unset KUBECTL_CHOREO_CONFIG"}},
		"NamedAbsent": {map[string]string{"KUBECTL_CHOREO_CONFIG": absent, "HOME": home}, []string{absent, "correct or unset KUBECTL_CHOREO_CONFIG"}},
	} {
		_, err := Read(environment(c.variables))
		for _, words := range c.words {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: error %v, want %q", name, err, words)
			}
		}
	}
}
