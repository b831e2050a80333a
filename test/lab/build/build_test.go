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
	for _, f := range families() {
		if _, err := f.key(filepath.Join(source, "tools", f.name)); err != nil {
			t.Error(err)
		}
	}
}
