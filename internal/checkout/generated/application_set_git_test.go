package generated

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGitFolders: each folder that matches a pattern is one Application, at its own depth. An entry with exclude removes folders,
// wherever it is in the list. Argo CD skips folders that begin with a dot.
func TestGitFolders(t *testing.T) {
	t.Parallel()
	files := map[string]string{"apps/Api_1/a.yaml": "", "apps/web/a.yaml": "", "apps/web/deep/a.yaml": "", ".tekton/run/a.yaml": "", "apps/.cache/a.yaml": "", "a.yaml": ""}
	for name, c := range map[string]struct {
		directories, name string
		want              []string
	}{
		"OneLevel":      {"[{path: apps/*}]", "{{path.basename}}", []string{"Api_1 apps/Api_1", "web apps/web"}},
		"TwoLevels":     {"[{path: apps/*/*}]", "{{path.basename}}", []string{"deep apps/web/deep"}},
		"Root":          {"[{path: '*'}]", "{{path}}", []string{"apps apps"}},
		"BelowADot":     {"[{path: '*/run'}]", "{{path}}", nil},
		"Exact":         {"[{path: apps/web}]", "x", []string{"x apps/web"}},
		"Several":       {"[{path: apps/web}, {path: apps/web/*}, {path: apps/w*}]", "{{path.basename}}", []string{"deep apps/web/deep", "web apps/web"}},
		"Excluded":      {"[{path: apps/*}, {path: apps/web, exclude: true}]", "x", []string{"x apps/Api_1"}},
		"ExcludedFirst": {"[{path: apps/web, exclude: true}, {path: apps/*}]", "x", []string{"x apps/Api_1"}},
		"OnlyExcluded":  {"[{path: apps/web, exclude: true}]", "x", nil},
		"NotExcluded":   {"[{path: apps/web, exclude: false}]", "x", []string{"x apps/web"}},
		"Segments":      {"[{path: apps/*/*}]", "{{path[0]}}-{{path[1]}}-{{path[2]}}", []string{"apps-web-deep apps/web/deep"}},
		"NoSegment":     {"[{path: apps/*/*}]", "{{path[3]}}", nil},
		"Normalized":    {"[{path: apps/A*}]", "{{path.basenameNormalized}}", []string{"api-1 apps/Api_1"}},
	} {
		set := setOf(t, "{git: {directories: "+c.directories+"}}", c.name, "{{path}}")
		if diff := cmp.Diff(c.want, applications(set, files)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestGitFiles: each file that matches yields its content, and the parameters of its folder, which have priority. A file with a list
// yields one Application for each of its objects.
func TestGitFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"env/dev/config.yaml": "name: d\ncluster: {name: one, size: 3}\npath: mine\n", "env/prod/config.json": `{"name": "p", "cluster": {"name": "two", "size": 3}}`,
		"env/Bad_1/config.yaml": "a: [\n", "env/dev/other.yaml": "name: o\n", "env/list/all.yaml": "- {name: l1}\n- {name: l2}\n", "top.yaml": "name: t\n", "env/eu/a/b/deep.yaml": "name: x\n",
		"env/Up/My_File.yaml": "name: u\n", "empty/a.yaml": "", "empty/b.yaml": "- null\n",
	}
	for name, c := range map[string]struct {
		files, name string
		want        []string
	}{
		"YAML":               {"[{path: env/*/config.yaml}]", "{{name}}", []string{"d env/dev"}},
		"JSON":               {"[{path: env/*/config.json}]", "{{name}}-{{cluster.name}}-{{cluster.size}}", []string{"p-two-3 env/prod"}},
		"AnyLevel":           {"[{path: env/**/deep.yaml}]", "{{name}}-{{path[3]}}", []string{"x-b env/eu/a/b"}},
		"Several":            {"[{path: env/*/config.yaml}, {path: env/*/config.*}]", "{{name}}", []string{"d env/dev", "p env/prod"}},
		"Excluded":           {"[{path: env/*/*.yaml}, {path: env/*/config.yaml, exclude: true}, {path: env/list/*, exclude: true}, {path: env/Up/*, exclude: true}]", "{{name}}", []string{"o env/dev"}},
		"OnlyExcluded":       {"[{path: env/*/config.yaml, exclude: true}]", "{{name}}", nil},
		"List":               {"[{path: env/list/*.yaml}]", "{{name}}", []string{"l1 env/list", "l2 env/list"}},
		"Empty":              {"[{path: empty/*.yaml}]", "{{path}}", []string{"empty empty", "empty empty"}},
		"FileOfTheRoot":      {"[{path: top.yaml}]", "{{name}}", []string{"t ."}},
		"NameOfTheFile":      {"[{path: env/dev/o*}]", "{{path.filename}}-{{path.basename}}", []string{"other.yaml-dev env/dev"}},
		"NormalizedFile":     {"[{path: env/Up/*}]", "{{path.filenameNormalized}}-{{path.basenameNormalized}}", []string{"my-file.yaml-up env/Up"}},
		"UnknownField":       {"[{path: env/*/config.*}]", "{{region}}", nil},
		"NothingMatches":     {"[{path: none/*}]", "{{name}}", nil},
		"PatternOfTheFolder": {"[{path: env/dev}]", "{{name}}", nil},
	} {
		set := setOf(t, "{git: {files: "+c.files+"}}", c.name, "{{path}}")
		if diff := cmp.Diff(c.want, applications(set, files)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestGitWithGoTemplate: with goTemplate, what a git generator knows of a folder and a file is in .path.
func TestGitWithGoTemplate(t *testing.T) {
	t.Parallel()
	files := map[string]string{"apps/My_Web/a.json": `{"name": "w", "path": {"path": "mine"}}`}
	for name, c := range map[string]struct{ generator, name, want string }{
		"Folder": {"{git: {directories: [{path: apps/*}]}}", "{{.path.basename}}-{{index .path.segments 1}}-{{.path.basenameNormalized}}", "My_Web-My_Web-my-web apps/My_Web"},
		"File":   {"{git: {files: [{path: apps/*/*.json}]}}", "{{.name}}-{{.path.filename}}-{{index .path.segments 0}}-{{.path.filenameNormalized}}", "w-a.json-apps-a.json apps/My_Web"},
		"Matrix": {"{matrix: {generators: [{git: {directories: [{path: apps/*}]}}, {list: {elements: [{env: dev}]}}]}}", "{{.path.basenameNormalized}}-{{.env}}", "my-web-dev apps/My_Web"},
	} {
		set := setOf(t, c.generator, c.name, "{{.path.path}}")
		set.Object["spec"].(map[string]any)["goTemplate"] = true
		if diff := cmp.Diff([]string{c.want}, applications(set, files)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestNormalized: a normalized name has only the characters of a name in Kubernetes, begins and ends with a letter or digit, and has at
// most 253 characters.
func TestNormalized(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"web": "web", "My_App v1.2": "my-app-v1.2", "_app.": "app", "--": "", strings.Repeat("a", 253): strings.Repeat("a", 253), strings.Repeat("b", 254): strings.Repeat("b", 253),
	} {
		if got := normalized(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
