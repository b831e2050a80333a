package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCompletesRevisions: HEAD and remote, and the branches and tags of the clone; for diff also the second of two.
func TestCompletesRevisions(t *testing.T) {
	t.Parallel()
	dir := clonedGitOps(t)
	inClone(t, dir, "branch", "feature/a")
	inClone(t, dir, "tag", "v1")
	inClone(t, dir, "update-ref", "refs/remotes/origin/main", "HEAD")
	for _, c := range []struct {
		command, typed string
		want           []string
	}{
		{"trace", "", []string{"HEAD", "feature/a", "main", "origin/main", "remote", "v1"}},
		{"verify", "rem", []string{"remote"}},
		{"diff", "main..", []string{"main..HEAD", "main..feature/a", "main..main", "main..origin/main", "main..v1"}},
		{"diff", "main..f", []string{"main..feature/a"}},
		{"trace", "main..", nil},
		{"history", "x", nil},
	} {
		out, _, _ := runIn(t, nil, "__complete", c.command, "--repo", dir, "--revision", c.typed)
		var got []string
		for line := range strings.Lines(out) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, ":") {
				got = append(got, line)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q (-want +got)\n%s", c.command, c.typed, diff)
		}
	}
}
