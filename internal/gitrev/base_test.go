package gitrev

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// branched returns a clone whose branch change starts at main and has edited, added and deleted files. main has later commits.
func branched(t *testing.T) string {
	t.Helper()
	h := history{dir: t.TempDir()}
	git(t, h.dir, "init", "--quiet", "--initial-branch=main")
	h.commit(t, "Ann", "begin", map[string]string{"gitops/a.yaml": "  a: 1\n", "gitops/b.yaml": "b: 1\n", "gitops/gone.yml": "c: 1\n", "gitops/n.txt": "n", "other.yaml": "o: 1\n"})
	git(t, h.dir, "checkout", "--quiet", "-b", "change")
	git(t, h.dir, "rm", "--quiet", "gitops/gone.yml")
	h.commit(t, "Bob", "change", map[string]string{"gitops/a.yaml": "a: 2\n", "gitops/new ö.yaml": "d: 1\n", "gitops/n.txt": "m", "other.yaml": "o: 2\n"})
	git(t, h.dir, "checkout", "--quiet", "main")
	h.commit(t, "Ann", "go on", map[string]string{"gitops/b.yaml": "b: 2\n"})
	git(t, h.dir, "checkout", "--quiet", "change")
	return h.dir
}

// TestFormers checks that files that differ from the common ancestor are returned with its text. Later commits on main are not
// part of the change.
func TestFormers(t *testing.T) {
	t.Parallel()
	dir := branched(t)
	if err := os.WriteFile(filepath.Join(dir, "gitops", "b.yaml"), []byte("b: 3\n"), 0o600); err != nil {
		t.Fatal(err) // not committed, but part of the change
	}
	got, err := Formers(t.Context(), filepath.Join(dir, "gitops"), "main")
	want := []Former{{"a.yaml", []byte("  a: 1\n")}, {"b.yaml", []byte("b: 1\n")}, {"gone.yml", []byte("c: 1\n")}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestFormersWithoutABase(t *testing.T) {
	t.Parallel()
	dir := branched(t)
	git(t, dir, "checkout", "--quiet", "--orphan", "elsewhere")
	git(t, dir, "commit", "--quiet", "--allow-empty", "--message", "begin anew")
	for name, c := range map[string]struct{ dir, base, want string }{
		"NoClone":   {t.TempDir(), "main", "is in no clone"},
		"NoSuch":    {dir, "nowhere", "does not have it; fetch it first"},
		"Unrelated": {dir, "main", "no commit in common"},
		"Disguised": {dir, "--all", "does not have it"},
	} {
		if _, err := Formers(t.Context(), c.dir, c.base); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := branched(t)
	for name, text := range map[string]string{".gitignore": "ignored.yaml\n", "gitops/ignored.yaml": "x", "gitops/untracked.yaml": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, ok := Files(t.Context(), filepath.Join(dir, "gitops"))
	slices.Sort(got)
	if want := []string{"a.yaml", "b.yaml", "n.txt", "new ö.yaml", "untracked.yaml"}; !ok || !cmp.Equal(want, got) {
		t.Errorf("%v %v, want %v", ok, got, want)
	}
	if got, ok := Files(t.Context(), t.TempDir()); ok {
		t.Errorf("outside of a clone: %v", got)
	}
}
