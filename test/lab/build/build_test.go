package build

import (
	"path/filepath"
	"testing"
)

func TestEveryFamilyHasItsVersions(t *testing.T) {
	t.Parallel()
	source, err := sourceDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(families(), optional()...) {
		if _, err := f.key(filepath.Join(source, "tools", f.name)); err != nil {
			t.Error(err)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if v, err := Version("argo-rollouts", "github.com/argoproj/argo-rollouts"); v != "v1.9.1" || err != nil {
		t.Errorf("version %q, %v; want that of the tool module", v, err)
	}
	if v, err := Version("argo-rollouts", "github.com/argoproj/argo"); err == nil {
		t.Errorf("version of a module that is not required: %q, want an error", v)
	}
}
