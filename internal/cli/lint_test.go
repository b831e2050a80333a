package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const lintData = "../../testdata/lint"

// remark is one finding of lint in a form to compare.
func remark(file string, line int, code string) string {
	return fmt.Sprintf("%s:%d %s", file, line, code)
}

// lintJSON runs lint and returns what it found without what is only worth knowing.
func lintJSON(t *testing.T, dir string, args ...string) (found []string, exit int) {
	t.Helper()
	stdout, stderr, exit := runIn(t, nil, append([]string{"lint", dir, "-o", "json"}, args...)...)
	if stderr != "" {
		t.Fatalf("lint %s: %s", dir, stderr)
	}
	var out struct {
		Findings []struct {
			Code, Severity, File, Message string
			Line                          int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &out); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	for _, f := range out.Findings {
		if f.Severity != "info" {
			found = append(found, remark(f.File, f.Line, f.Code))
		}
	}
	return found, exit
}

// planted reads where the files of a repository say that something is to be found.
func planted(t *testing.T, dir string) []string {
	t.Helper()
	marker := regexp.MustCompile(`# want (.*)`)
	var wanted []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(dir, path)
		for i, line := range strings.Split(string(text), "\n") {
			if m := marker.FindStringSubmatch(line); m != nil {
				for _, code := range strings.Fields(m[1]) {
					wanted = append(wanted, remark(file, i+1, code))
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wanted
}

// TestLintFindsPlantedFaults, each at its file and line, and nothing else.
func TestLintFindsPlantedFaults(t *testing.T) {
	t.Parallel()
	dir := lintClone(t, "faults")
	want := planted(t, dir)
	if len(want) < 20 {
		t.Fatalf("%d faults are planted, want 20 at least", len(want))
	}
	got, exit := lintJSON(t, dir, "--base", "main")
	if exit != 2 {
		t.Errorf("exit %d, want 2", exit)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLintBelowTheRoot of a clone: people find the files from here, programs from the root of the clone.
func TestLintBelowTheRoot(t *testing.T) {
	t.Parallel()
	clone := t.TempDir()
	if err := copyOver(filepath.Join(clone, "git ops"), filepath.Join(lintData, "faults")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("git", "init", "--quiet", clone).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := filepath.Join(clone, "git ops")
	sarif := filepath.Join(clone, "lint.sarif")
	stdout, _, exit := runIn(t, nil, "lint", dir, "--report", "sarif="+sarif)
	if want := dir + "/flux/missing.yaml:8  error"; exit != 2 || !strings.Contains(stdout, want) {
		t.Errorf("exit %d; %q is not in\n%s", exit, want, stdout)
	}
	text, err := os.ReadFile(sarif)
	if want := `"uri": "git%20ops/flux/missing.yaml"`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%v; %s is not in\n%s", err, want, text)
	}
}

// lintClone is a clone of a repository of the test data with its base on branch main.
func lintClone(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		layGit(t, dir, args...)
	}
	lay := func(name string) {
		t.Helper()
		if err := copyOver(dir, filepath.Join(lintData, name)); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet", "--initial-branch=main")
	lay(name)
	lay(name + ".base")
	git("add", "--all")
	git("commit", "--quiet", "--message=base")
	git("checkout", "--quiet", "-b", "change")
	lay(name)
	git("commit", "--quiet", "--all", "--message=change")
	return dir
}

// layGit runs git to make a clone. recordGit does not record it.
func layGit(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
	cmd.Env = append(os.Environ(), "LAYING=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func copyOver(to, from string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o600)
	})
}

// TestLintIsQuietOnGoodRepositories in the documented layout, in the older one, and with a kustomization.yaml everywhere.
func TestLintIsQuietOnGoodRepositories(t *testing.T) {
	t.Parallel()
	good, err := filepath.Glob(filepath.Join(lintData, "good-*"))
	if err != nil || len(good) < 3 {
		t.Fatalf("%v, %v", good, err)
	}
	for _, dir := range good {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			if got, exit := lintJSON(t, dir, "--fail-on", "warning"); exit != 0 || len(got) > 0 {
				t.Errorf("exit %d, %v", exit, got)
			}
			loose := t.TempDir() // in no clone, as an unpacked archive is
			if err := copyOver(loose, dir); err != nil {
				t.Fatal(err)
			}
			if got, exit := lintJSON(t, loose, "--fail-on", "warning"); exit != 0 || len(got) > 0 {
				t.Errorf("outside of a clone: exit %d, %v", exit, got)
			}
		})
	}
}

func TestLintUsage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Format":  {[]string{"-o", "xml"}, `unknown output format "xml"`},
		"FailOn":  {[]string{"--fail-on", "info"}, `invalid --fail-on "info"`},
		"Report":  {[]string{"--report", "junit"}, "use FORMAT=FILE"},
		"Colour":  {[]string{"--color", "red"}, `invalid --color "red"`},
		"Folder":  {[]string{"nowhere"}, "read the checkout"},
		"File":    {[]string{"cli.go"}, "cli.go is a file"},
		"NoClone": {[]string{t.TempDir(), "--base", "main"}, "is in no clone"},
		"NoBase":  {[]string{lintData, "--base", "no-such-branch"}, "does not have it; fetch it first"},
		"Update":  {[]string{"--update-baseline"}, "--update-baseline requires --baseline FILE"},
		"Jobs":    {[]string{"--jobs", "-1"}, "invalid --jobs -1"},
		"Nothing": {[]string{""}, "the name of the folder is empty"},
	} {
		stdout, stderr, exit := runIn(t, nil, append([]string{"lint"}, c.args...)...)
		if exit != 1 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q, want %q", name, exit, stderr, c.want)
		}
	}
}
