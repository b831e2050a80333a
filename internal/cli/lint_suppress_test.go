package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lintCopy is a copy of a case, with further files.
func lintCopy(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	dir := layCase(t, filepath.Join(lintData, "cases", name), strings.NewReplacer())
	for file, text := range files {
		writeLint(t, filepath.Join(dir, file), text)
	}
	return dir
}

func writeLint(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestLintBaseline: findings of today do not count, also when their lines move; new ones do, and fixed ones are reported.
func TestLintBaseline(t *testing.T) {
	t.Parallel()
	dir := lintCopy(t, "f01-one-cause-forty-objects", nil)
	file := filepath.Join(dir, ".choreolint-baseline.json")
	if _, stderr, exit := runIn(t, nil, "lint", dir, "--baseline", file); exit != 1 || !strings.Contains(stderr, "write it with --update-baseline") {
		t.Errorf("without the file: exit %d, %s", exit, stderr)
	}
	stdout, stderr, exit := runIn(t, nil, "lint", dir, "--baseline", file, "--update-baseline")
	if exit != 0 || stderr != "baseline "+file+" written, findings: 40\n" || !strings.HasSuffix(lastLine(stdout), ". 40 in the baseline") {
		t.Errorf("exit %d, %q\n%s", exit, stderr, stdout)
	}
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	moved := "# moved\n\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-00\n  namespace: kiln\ndata:\n  zone: \"${ZONE}\"\n"
	writeLint(t, filepath.Join(dir, "kiln/settings-00.yaml"), moved)
	if stdout, _, exit := runIn(t, nil, "lint", dir, "--baseline", file); exit != 0 || !strings.HasPrefix(stdout, "nothing found\n") {
		t.Errorf("moved lines: exit %d\n%s", exit, stdout)
	}
	if _, _, exit := runIn(t, nil, "lint", dir, "--baseline", file, "--update-baseline"); exit != 0 {
		t.Errorf("exit %d", exit)
	}
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		t.Errorf("%v: the same findings give another baseline", err)
	}
	writeLint(t, filepath.Join(dir, "kiln/settings-00.yaml"), strings.ReplaceAll(moved, "${ZONE}", "a"))
	writeLint(t, filepath.Join(dir, "kiln/more.yaml"), strings.ReplaceAll(moved, "settings-00", "more"))
	stdout, _, exit = runIn(t, nil, "lint", dir, "--baseline", file)
	for _, want := range []string{"kiln/more.yaml:9  error  KustomizationPostBuildFailed", ".choreolint-baseline.json:5  info  SuppressionUnused", "39 in the baseline"} {
		if exit != 2 || !strings.Contains(stdout, want) {
			t.Errorf("exit %d, %q is not in\n%s", exit, want, stdout)
		}
	}
}

// TestLintSettings: the file in the root of the repository.
func TestLintSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		repository, settings string
		exit                 int
		want                 []string
		last                 string
	}{
		"Off":        {"d20b-private-key-in-base64", "rules: [{code: PlaintextSecret, severity: off}]", 0, nil, "1 finding suppressed: 1 by .choreolint.yaml"},
		"Warning":    {"d20b-private-key-in-base64", "rules: [{code: PlaintextSecret, severity: warning}]", 0, []string{"kiln/secret.yaml:7 PlaintextSecret"}, ""},
		"SkipPaths":  {"d20b-private-key-in-base64", "skipPaths: [kiln]", 0, nil, "no objects"},
		"External":   {"d21c-hint-for-argo", "externalNames: [{kind: Environment, name: stag*}]", 2, []string{"platform/project.yaml:6 SchemaViolation"}, ""},
		"Lenient":    {"m12-lenient-substitution", "strictSubstitution: false", 0, nil, ""},
		"Strict":     {"m12-lenient-substitution", "strictSubstitution: true", 2, []string{"kiln/settings.yaml:8 KustomizationPostBuildFailed"}, ""},
		"NotStarted": {"m12-lenient-substitution", "# nothing yet\n", 2, []string{"kiln/settings.yaml:8 KustomizationPostBuildFailed"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := lintCopy(t, c.repository, map[string]string{".choreolint.yaml": c.settings})
			got, exit := lintJSON(t, dir)
			if diff := cmp.Diff(c.want, got); diff != "" || exit != c.exit {
				t.Errorf("exit %d, want %d (-want +got)\n%s", exit, c.exit, diff)
			}
			if stdout, _, _ := runIn(t, nil, "lint", dir); !strings.HasSuffix(lastLine(stdout), c.last) {
				t.Errorf("the last line has no %q:\n%s", c.last, stdout)
			}
		})
	}
}

func TestLintSettingsRefused(t *testing.T) {
	t.Parallel()
	dir := lintCopy(t, "m12-lenient-substitution", map[string]string{".choreolint.yaml": "rules: []\nskipPath: [a]\n", "elsewhere": "skipPaths: [hunter2]\n"})
	if stdout, stderr, exit := runIn(t, nil, "lint", dir); exit != 1 || stdout != "" || !strings.Contains(stderr, `read .choreolint.yaml: line 2: unknown field "skipPath"`) {
		t.Errorf("exit %d, %q, %q", exit, stdout, stderr)
	}
	writeLint(t, filepath.Join(dir, ".choreolint.yaml"), "skipPaths: ['**']\n")
	if stdout, stderr, exit := runIn(t, nil, "lint", dir); exit != 1 || stdout != "" || !strings.Contains(stderr, "nothing to check: skipPaths in .choreolint.yaml excludes all objects") {
		t.Errorf("everything skipped: exit %d, %q, %q", exit, stdout, stderr)
	}
	link := filepath.Join(dir, ".choreolint.yaml")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), link); err != nil {
		t.Skip(err)
	}
	if _, stderr, exit := runIn(t, nil, "lint", dir); exit != 1 || !strings.Contains(stderr, "it is no regular file") || strings.Contains(stderr, "hunter2") {
		t.Errorf("a link: exit %d, %q", exit, stderr)
	}
}

// TestLintSettingsInAnAppliedRoot: kustomize-controller would read the settings as a manifest, and fail.
func TestLintSettingsInAnAppliedRoot(t *testing.T) {
	t.Parallel()
	dir := lintCopy(t, "d20b-private-key-in-base64", map[string]string{".choreolint.yaml": "rules: [{code: PlaintextSecret, severity: off}]\n"})
	flux := filepath.Join(dir, "clusters/one/flux.yaml")
	text, err := os.ReadFile(flux)
	if err != nil {
		t.Fatal(err)
	}
	writeLint(t, flux, strings.Replace(string(text), "path: ./kiln", "path: ./", 1))
	stdout, _, exit := runIn(t, nil, "lint", dir)
	if exit != 2 || !strings.Contains(stdout, "list .choreolint.yaml in .sourceignore") {
		t.Errorf("exit %d\n%s", exit, stdout)
	}
	writeLint(t, filepath.Join(dir, ".sourceignore"), ".choreolint.yaml\n")
	if stdout, _, exit := runIn(t, nil, "lint", dir); exit != 0 {
		t.Errorf("exit %d\n%s", exit, stdout)
	}
}

// TestLintAnnotation: in the file of an object that a kustomization.yaml renames.
func TestLintAnnotation(t *testing.T) {
	t.Parallel()
	dir := lintCopy(t, "d20b-private-key-in-base64", map[string]string{"kiln/kustomization.yaml": "resources: [secret.yaml]\nnamePrefix: my-\nnamespace: other\n"})
	file := filepath.Join(dir, "kiln/secret.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, exit := lintJSON(t, dir); exit != 2 || len(got) != 1 {
		t.Fatalf("exit %d, %v", exit, got)
	}
	writeLint(t, file, strings.Replace(string(text), "metadata:\n", "metadata:\n  annotations:\n    kubectl-choreo.dev/lint-ignore: \"PlaintextSecret: of a test\"\n", 1))
	stdout, _, exit := runIn(t, nil, "lint", dir)
	if want := "1 finding suppressed: 1 by annotation"; exit != 0 || !strings.HasSuffix(lastLine(stdout), want) {
		t.Errorf("exit %d, want %q\n%s", exit, want, stdout)
	}
}

// TestLintOneCause: forty objects with one cause fit on a screen.
func TestLintOneCause(t *testing.T) {
	t.Parallel()
	dir := lintCopy(t, "f01-one-cause-forty-objects", nil)
	for _, format := range []string{"table", "github", "markdown"} {
		stdout, _, _ := runIn(t, nil, "lint", dir, "-o", format)
		if n := strings.Count(stdout, "\n"); n > 20 || !strings.Contains(stdout, "and 39 more like it, 40 objects in all") && !strings.Contains(stdout, "And 39 more like it, 40 objects in all") {
			t.Errorf("%s: %d lines\n%s", format, n, stdout)
		}
	}
	if got, _ := lintJSON(t, dir); len(got) != 40 {
		t.Errorf("%d findings for programs, want 40", len(got))
	}
}

func TestLintHelpDescribesSuppression(t *testing.T) {
	t.Parallel()
	stdout, _, exit := runIn(t, nil, "lint", "--help")
	missing := slices.DeleteFunc([]string{"baseline", ".choreolint.yaml", "annotation", "kubectl-choreo.dev/lint-ignore", "--lenient-substitution"}, func(word string) bool { return strings.Contains(stdout, word) })
	if exit != 0 || len(missing) > 0 {
		t.Errorf("exit %d, missing %q", exit, missing)
	}
}

// TestLintSettingsOfTheClone: if the whole clone is read, the settings in its root count, and those of the folder are refused.
func TestLintSettingsOfTheClone(t *testing.T) {
	t.Parallel()
	clone := lintCopy(t, "d15b-fault-in-a-subfolder", nil)
	layGit(t, clone, "init", "--quiet")
	folder := filepath.Join(clone, "apps", "ledger")
	code := func(severity string) string {
		return "rules: [{code: KustomizationPostBuildFailed, severity: " + severity + ", paths: [apps/ledger]}]\nclusters: [clusters/one]\n"
	}
	for settings, want := range map[string]int{"": 2, code("error"): 2, code("off"): 0} {
		writeLint(t, filepath.Join(clone, ".choreolint.yaml"), settings)
		if stdout, stderr, exit := runIn(t, nil, "lint", folder); exit != want {
			t.Errorf("%q: exit %d, want %d\n%s%s", settings, exit, want, stdout, stderr)
		}
	}
	writeLint(t, filepath.Join(folder, ".choreolint.yaml"), "rules: [{code: KustomizationPostBuildFailed, severity: off}]\n")
	if stdout, stderr, exit := runIn(t, nil, "lint", folder); exit != 1 || stdout != "" || !strings.Contains(stderr, "move its content to the root of the clone") {
		t.Errorf("settings of the folder: exit %d, %q, %q", exit, stdout, stderr)
	}
}
