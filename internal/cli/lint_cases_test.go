package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// lintCase is a small repository and the right answer for it, from testdata/lint/cases/cases.yaml.
type lintCase struct {
	ID, Answer  string
	Want, Allow []lintAnswer
	Exit        []int
	Says        string
	Never       []string
	Args        []string
	Clone       bool
	Dir         string
	Sparse      []string
	Links       map[string]string
	Large       string
	Other       bool
	Test        string
}

type lintAnswer struct {
	Codes    []string
	File     string
	Lines    []int
	Naming   string
	Severity string
}

type lintFound struct {
	Code, Severity, File, Message string
	Line                          int
	Names                         []string
}

func (a lintAnswer) fits(f lintFound) bool {
	return (len(a.Codes) == 0 || slices.Contains(a.Codes, f.Code)) && (a.File == "" || a.File == f.File) && (len(a.Lines) == 0 || slices.Contains(a.Lines, f.Line)) &&
		(a.Severity == "" || a.Severity == f.Severity) && strings.Contains(f.Message+strings.Join(f.Names, " "), a.Naming)
}

// TestLintCases: the right answer for repositories that lint once answered wrongly, without a connection, a clone, or a file.
func TestLintCases(t *testing.T) {
	cases := filepath.Join(lintData, "cases")
	text, err := os.ReadFile(filepath.Join(cases, "cases.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Cases []lintCase }
	if err := yaml.UnmarshalStrict(text, &table); err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(cases, "*", ""))
	if err != nil || len(folders) != len(table.Cases)+1 { // and the table
		t.Errorf("%d cases and %d folders, %v", len(table.Cases), len(folders)-1, err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was requested", r.URL) }))
	defer server.Close()
	other := lintClone(t, "faults")
	calls := recordGit(t)
	for _, c := range table.Cases {
		if c.Test != "" {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			temporary := t.TempDir()
			dir := layCase(t, filepath.Join(cases, c.ID), strings.NewReplacer("127.0.0.1:18080", strings.TrimPrefix(server.URL, "http://"), "/path/to/other", other))
			c.lay(t, dir)
			t.Setenv("TMPDIR", temporary)
			if c.Other { // as in git's own tests
				t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
				t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			}
			c.check(t, filepath.Join(dir, c.Dir))
			if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	if made := calls(); made == "" || regexp.MustCompile(`(?m) (clone|fetch|init|pull|remote|submodule)( |$)`).MatchString(made) {
		t.Errorf("git was called:\n%s", made)
	}
}

// lay makes of a folder what a folder of this repository cannot be: a clone, with symbolic links or a sparse checkout.
func (c lintCase) lay(t *testing.T, dir string) {
	t.Helper()
	for name, target := range c.Links {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.Remove(name), os.Symlink(target, name)); err != nil {
			t.Fatal(err)
		}
	}
	if c.Large != "" {
		grow(t, filepath.Join(dir, c.Large), 9<<20)
	}
	if !c.Clone {
		return
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"remote", "add", "origin", "https://git.example.net/orchard/fleet"},
		{"add", "--all"},
		{"commit", "--quiet", "--message", "begin"},
	} {
		layGit(t, dir, args...)
	}
	if len(c.Sparse) > 0 {
		layGit(t, dir, append([]string{"sparse-checkout", "set"}, c.Sparse...)...)
	}
}

// grow adds comments to a file.
func grow(t *testing.T, file string, size int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, strings.Repeat("#\n", size/2)...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c lintCase) check(t *testing.T, dir string) {
	t.Helper()
	stdout, stderr, exit := runIn(t, nil, append([]string{"lint", dir, "-o", "json"}, c.Args...)...)
	if len(c.Exit) == 0 {
		c.Exit = []int{0}
	}
	if !slices.Contains(c.Exit, exit) || !strings.Contains(stdout+stderr, c.Says) {
		t.Errorf("%s\nexit code %d, want %v and %q\n%s%s", c.Answer, exit, c.Exit, c.Says, stdout, stderr)
	}
	for _, word := range c.Never {
		if strings.Contains(stdout+stderr, word) {
			t.Errorf("it says %q:\n%s%s", word, stdout, stderr)
		}
	}
	var report struct{ Findings []lintFound }
	if stdout != "" {
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range c.Want {
		if !slices.ContainsFunc(report.Findings, a.fits) {
			t.Errorf("%s\nmissing: %+v\n%s", c.Answer, a, stdout)
		}
	}
	for _, f := range report.Findings {
		if f.Severity != "info" && !slices.ContainsFunc(slices.Concat(c.Want, c.Allow), func(a lintAnswer) bool { return a.fits(f) }) {
			t.Errorf("%s\ntoo much: %+v", c.Answer, f)
		}
	}
}

// layCase copies a repository, with the names of this test in it.
func layCase(t *testing.T, from string, names *strings.Replacer) string {
	t.Helper()
	dir := t.TempDir()
	if err := copyOver(dir, from); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(file, []byte(names.Replace(string(text))), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// recordGit puts a git first on the PATH that writes down how it is called, and does it.
func recordGit(t *testing.T) (calls func() string) {
	t.Helper()
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	record := filepath.Join(dir, "calls")
	if err := os.WriteFile(filepath.Join(dir, "git"), fmt.Appendf(nil, "#!/bin/sh\n[ -n \"$LAYING\" ] || echo \"$*\" >>'%s'\nexec '%s' \"$@\"\n", record, real), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string {
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// TestLintOfAWrongFolder: where there is nothing to check, nothing was found is no answer.
func TestLintOfAWrongFolder(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"Empty": {}, "NoObjects": {"a.yaml": "a: b\n"}, "NoYAML": {"README.md": "# Nothing\n"}, "EmptyFile": {"a.yaml": ""},
	} {
		dir := t.TempDir()
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, format := range []string{"table", "json", "yaml", "junit", "markdown", "github", "sarif", "prometheus"} {
			report := filepath.Join(t.TempDir(), "report")
			stdout, stderr, exit := runIn(t, nil, "lint", dir, "-o", format, "--report", "json="+report)
			if want := "error: nothing to check: no Kubernetes objects in " + dir; exit != 1 || stdout != "" || !strings.HasPrefix(stderr, want) {
				t.Errorf("%s, %s: exit code %d, stdout %q, stderr %q, want %q", name, format, exit, stdout, stderr, want)
			}
			if _, err := os.Stat(report); !os.IsNotExist(err) {
				t.Errorf("%s: a report was written: %v", name, err)
			}
		}
	}
}

// TestLintOpenChoreoVersion: the flag wins over the chart in the repository.
func TestLintOpenChoreoVersion(t *testing.T) {
	dir := filepath.Join(lintData, "cases", "d12a-chart-1.1")
	for version, want := range map[string]int{"": 0, "1.0": 0, "1.1": 0, "1.2": 2, "1.3": 1, "latest": 1} {
		stdout, stderr, exit := runIn(t, nil, "lint", dir, "--openchoreo-version", version)
		if exit != want || want == 1 && !strings.Contains(stderr, "use one of 1.0, 1.1, 1.2") {
			t.Errorf("%q: exit %d, want %d\n%s%s", version, exit, want, stdout, stderr)
		}
	}
}
