package gitrev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheck: what git says of a clone that it does not read is an error. A folder in no clone, and one that looks like a bare repository, are not.
func TestCheck(t *testing.T) {
	bare := t.TempDir()
	git(t, bare, "init", "--quiet", "--bare")
	broken := branched(t)
	if err := os.WriteFile(filepath.Join(broken, ".git", "config"), []byte("[core\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := branched(t)
	for name, c := range map[string]struct{ dir, want string }{
		"Own": {other, ""}, "NoClone": {t.TempDir(), ""}, "Bare": {bare, ""}, "Broken": {broken, "bad config line 1"},
	} {
		if err := Check(t.Context(), c.dir); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1") // git's own tests use it
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)        // the user may have a safe.directory
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	const reason, advice = "git does not read the clone in ", ": git config --global --add safe.directory "
	_, formers := Formers(t.Context(), other, "main")
	for name, err := range map[string]error{"Check": Check(t.Context(), other), "Formers": formers} {
		if err == nil || !strings.Contains(err.Error(), reason+other+": detected dubious ownership in repository at '") || !strings.Contains(err.Error(), advice) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Check(t.Context(), t.TempDir()); err != nil {
		t.Errorf("in no clone: %v", err)
	}
}
