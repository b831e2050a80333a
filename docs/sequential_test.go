package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	noRace   = regexp.MustCompile(`^//go:build .*!race\n`)
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestSequentialTestsRun: make test runs every test that the race detector leaves out.
func TestSequentialTestsRun(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join("..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(makefile), "\nSEQUENTIAL := ")
	list, _, _ = strings.Cut(list, "\n")
	line := regexp.MustCompile(`(?m)^\t.* go test .*\$\(SEQUENTIAL\).*$`).FindString(string(makefile))
	var left []string
	for _, root := range []string{"cmd", "docs", "internal", "pkg", "release"} {
		err := filepath.WalkDir(filepath.Join("..", root), func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil || !noRace.Match(text) {
				return err
			}
			folder := " ." + strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "..")
			if !strings.Contains(line+" ", folder+" ") {
				t.Errorf("make test leaves out %s: its line %q does not name the package", name, line)
			}
			for _, found := range testFunc.FindAllSubmatch(text, -1) {
				left = append(left, string(found[1]))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	listed := strings.Split(list, "|")
	slices.Sort(left)
	slices.Sort(listed)
	if !slices.Equal(left, listed) {
		t.Errorf("make test runs %v without the race detector, want %v", listed, left)
	}
}
