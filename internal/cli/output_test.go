package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snapshotOf is the file of a recorded scenario.
func snapshotOf(scenario string) string { return filepath.Join(scenarioDir, scenario, "snapshot.yaml") }

// fileOf writes a template.
func fileOf(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "template")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestOutputOfKubectl: kubectl's formats over the document of -o json, with the exit code of the verdict.
func TestOutputOfKubectl(t *testing.T) {
	t.Parallel()
	const failed = "dependency-fails"
	for name, c := range map[string]struct {
		args []string
		want string
		exit int
	}{
		"JSONPath":         {[]string{"trace", "--snapshot", snapshotOf(failed), "-o", `jsonpath={.verdict} {.failing.code}{"\n"}`}, "Failed KustomizationBuildFailed\n", 2},
		"JSONPathHealthy":  {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "jsonpath={.verdict}"}, "Healthy", 0},
		"JSONPathUnknown":  {[]string{"trace", "--snapshot", snapshotOf("rights-missing"), "-o", "jsonpath={.verdict}"}, "Unknown", 4},
		"JSONPathFile":     {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "jsonpath-file=" + fileOf(t, "{.kind}")}, "Trace", 0},
		"JSONPathAsJSON":   {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "jsonpath-as-json={.verdict}"}, "[\n    \"Healthy\"\n]\n", 0},
		"JSONPathTemplate": {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "jsonpath", "--template", "{.kind}"}, "Trace", 0},
		"MissingKey":       {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "jsonpath={.failing.code}{.none}"}, "", 0},
		"GoTemplate":       {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", `go-template={{range .environments}}{{.name}} {{.verdict}};{{end}}`}, "development Healthy;staging Healthy;production Suspended;", 0},
		"GoTemplateFile":   {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "go-template-file=" + fileOf(t, "{{.kind}}")}, "Trace", 0},
		"TemplateAlone":    {[]string{"trace", "--snapshot", snapshotOf("healthy"), "--template", "{{.kind}}"}, "Trace", 0},
		"TemplateAndJSON":  {[]string{"version", "--client", "-o", "text", "--template", "{{"}, "", 0}, // the first line says which build it is
		"Columns": {
			[]string{"trace", "--snapshot", snapshotOf(failed), "-o", "custom-columns=NAME:.subject.component,CODE:{.failing.code},ENV:failing.none,RUNGS:.rungs[0:2].id"},
			"NAME              CODE                       ENV      RUNGS\ngreeter-service   KustomizationBuildFailed   <none>   git,source\n", 2,
		},
		"ColumnsFile":      {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "custom-columns-file=" + fileOf(t, "A B\n.kind .verdict\n")}, "A       B\nTrace   Healthy\n", 0},
		"ColumnsOfVerify":  {[]string{"verify", "--snapshot", snapshotOf(failed), "-o", "custom-columns=NAME:.subject.component,GATE:.decision"}, "NAME              GATE\ngreeter-service   Failed\n", 2},
		"Name":             {[]string{"trace", "--snapshot", snapshotOf(failed), "-o", "name"}, "kustomization.kustomize.toolkit.fluxcd.io/oc-dependency-fails-platform\n", 2},
		"NameHealthy":      {[]string{"trace", "--snapshot", snapshotOf("healthy"), "-o", "name"}, "component.openchoreo.dev/greeter-service\n", 0},
		"NameOfVerify":     {[]string{"verify", "--snapshot", snapshotOf(failed), "-o", "name"}, "component.openchoreo.dev/greeter-service\n", 2},
		"NameAllPassed":    {[]string{"verify", "--snapshot", snapshotOf("healthy"), "-o", "name"}, "", 0},
		"JSONPathOfVerify": {[]string{"verify", "--snapshot", snapshotOf(failed), "-o", "jsonpath={.decision} {.components[*].subject.component}"}, "Failed greeter-service", 2},
		"JSONPathOfLint":   {[]string{"lint", "../../testdata/lint/good-kustomize", "-o", "jsonpath={.kind} {.decision}"}, "LintReport Passed", 0},
		"Version":          {[]string{"version", "--client", "-o", "jsonpath={.kind}"}, "Version", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, exit := runIn(t, nil, c.args...)
			if name == "TemplateAndJSON" {
				stdout = ""
			}
			if diff := cmp.Diff(c.want, stdout); diff != "" || stderr != "" || exit != c.exit {
				t.Errorf("exit %d, want %d; stderr %q (-want +got)\n%s", exit, c.exit, stderr, diff)
			}
		})
	}
}

// TestOutputExamples: the examples of the documentation, on a recorded scenario.
func TestOutputExamples(t *testing.T) {
	t.Parallel()
	const object = "kustomization.kustomize.toolkit.fluxcd.io/oc-dependency-fails-platform\n"
	for file, examples := range map[string]map[string]string{
		"../../README.md": {
			`trace greeter-service -o jsonpath='{.failing.code}'`: "KustomizationBuildFailed",
			`trace greeter-service -o name`:                       object,
		},
		"../../docs/json.md": {
			`trace greeter-service -o jsonpath='{.verdict} {.failing.code}'`:                                                                           "Failed KustomizationBuildFailed",
			`verify -o custom-columns=NAME:.subject.component,GATE:.decision --timeout 0`:                                                              "NAME              GATE\ngreeter-service   Failed\n",
			`verify --timeout 0 -o name | xargs -n 1 kubectl choreo trace`:                                                                             "component.openchoreo.dev/greeter-service\n",
			`trace greeter-service -o name | xargs kubectl describe`:                                                                                   object,
			`trace greeter-service -o go-template='{{with .failing}}{{with .object}}-n {{.namespace}} {{.kind}}.{{.group}}/{{.name}}{{end}}{{end}}' |`: "-n flux-system Kustomization.kustomize.toolkit.fluxcd.io/oc-dependency-fails-platform",
		},
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for example, want := range examples {
			if !strings.Contains(string(text), "\nkubectl choreo "+example+"\n") {
				t.Errorf("%s has no example %s", file, example)
			}
			line, _, _ := strings.Cut(example, " |")
			stdout, stderr, _ := runIn(t, nil, append(wordsOf(line), "--snapshot", snapshotOf("dependency-fails"))...)
			if diff := cmp.Diff(want, stdout); diff != "" || stderr != "" {
				t.Errorf("%s: stderr %q (-want +got)\n%s", example, stderr, diff)
			}
		}
	}
}

// wordsOf are the words of a command line in which single quotes stand around all that a shell would change.
func wordsOf(line string) []string {
	quoted := false
	words := strings.FieldsFunc(line, func(r rune) bool {
		if r == '\'' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "'", "")
	}
	return words
}

// TestOutputTakesWhatJSONPrints: a template that prints everything gets the document of -o json.
func TestOutputTakesWhatJSONPrints(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"trace", "--snapshot", snapshotOf("dependency-fails")},
		{"verify", "--snapshot", snapshotOf("dependency-fails")},
		{"lint", "../../testdata/lint/faults"},
		{"version", "--client"},
	} {
		var want, got any
		for format, document := range map[string]*any{"json": &want, "jsonpath-as-json={@}": &got} {
			stdout, stderr, _ := runIn(t, nil, append(args, "-o", format)...)
			if err := json.Unmarshal([]byte(stdout), document); err != nil {
				t.Fatalf("%q -o %s: %v\n%s%s", args, format, err, stdout, stderr)
			}
		}
		if diff := cmp.Diff([]any{want}, got); diff != "" {
			t.Errorf("%q (-json +template)\n%s", args, diff)
		}
	}
}

// TestOutputOfKubectlRefused: a template that cannot be parsed is a usage error, before any request is made.
func TestOutputOfKubectlRefused(t *testing.T) {
	t.Parallel()
	server := serveObjects(t, nil)
	config := kubeconfig(t, map[string]*cluster{"control": server})
	const none = "template format specified but no template given"
	for name, c := range map[string]struct {
		args  []string
		words string
	}{
		"Unknown":          {[]string{"-o", "wat"}, `unknown output format "wat"; use one of tree, wide, json, yaml, mermaid, dot, html, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file`},
		"UnknownTemplate":  {[]string{"-o", "wat={.kind}"}, `unknown output format "wat={.kind}"`},
		"JSONPath":         {[]string{"-o", "jsonpath={.kind"}, "error parsing jsonpath {.kind, unclosed action"},
		"JSONPathEmpty":    {[]string{"-o", "jsonpath="}, none},
		"JSONPathNothing":  {[]string{"-o", "jsonpath"}, none},
		"JSONPathNoFile":   {[]string{"-o", "jsonpath-file=/nowhere"}, "error reading --template /nowhere"},
		"GoTemplate":       {[]string{"-o", "go-template={{.kind"}, "error parsing template {{.kind"},
		"TemplateAlone":    {[]string{"--template", "{{.kind"}, "error parsing template {{.kind"},
		"Columns":          {[]string{"-o", "custom-columns=NAME"}, "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"},
		"ColumnsPath":      {[]string{"-o", "custom-columns=NAME:{.a}{.b}"}, `unexpected path string "{.a}{.b}"`},
		"ColumnsEmpty":     {[]string{"-o", "custom-columns="}, "custom-columns format specified but no custom columns given"},
		"ColumnsParse":     {[]string{"-o", "custom-columns=NAME:.a["}, "error parsing jsonpath .a["},
		"ColumnsNoFile":    {[]string{"-o", "custom-columns-file=/nowhere"}, "error reading template /nowhere"},
		"ColumnsFileWrong": {[]string{"-o", "custom-columns-file=" + fileOf(t, "A B\n.kind\n")}, "number of headers (2) and field specifications (1) don't match"},
		"ColumnsFileShort": {[]string{"-o", "custom-columns-file=" + fileOf(t, "A B")}, "expected a line of headers and a line of column specs"},
		"Watch":            {[]string{"-w", "-o", "jsonpath={.kind}"}, "cannot watch with output format"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, exit := runIn(t, nil, append([]string{"trace", "greeter-service", "--kubeconfig", config}, c.args...)...)
			if exit != 1 || stdout != "" || !strings.Contains(stderr, c.words) {
				t.Errorf("exit %d, want 1 and %q\nstdout: %s\nstderr: %s", exit, c.words, stdout, stderr)
			}
		})
	}
	for _, command := range [][]string{{"verify", "a"}, {"reconcile", "a"}, {"version"}} {
		_, stderr, exit := runIn(t, nil, append(command, "--kubeconfig", config, "-o", "jsonpath={")...)
		if exit != 1 || !strings.Contains(stderr, "error parsing jsonpath {") {
			t.Errorf("%s: exit %d, %s", command[0], exit, stderr)
		}
	}
	if _, stderr, exit := runIn(t, nil, "version", "--client", "-o", "name"); exit != 1 || !strings.Contains(stderr, `unknown output format "name"`) {
		t.Errorf("version: exit %d, %s", exit, stderr)
	}
	if asked := server.requests(); asked != 0 {
		t.Errorf("%d requests were made", asked)
	}
}

// TestTemplateFailsWithoutHalfAnAnswer: what a template printed before it failed is no answer.
func TestTemplateFailsWithoutHalfAnAnswer(t *testing.T) {
	t.Parallel()
	for format, words := range map[string]string{
		"jsonpath={.kind} {.none}":         "none is not found",
		"go-template={{.kind}} {{.a.b.c}}": "error executing template",
	} {
		stdout, stderr, exit := runIn(t, nil, "trace", "--snapshot", snapshotOf("dependency-fails"), "--allow-missing-template-keys=false", "-o", format)
		if exit != 1 || stdout != "" || !strings.Contains(stderr, words) {
			t.Errorf("%s: exit %d\nstdout: %s\nstderr: %s", format, exit, stdout, stderr)
		}
	}
}
