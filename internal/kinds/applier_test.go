package kinds

import (
	"strings"
	"testing"
)

func TestGitRevision(t *testing.T) {
	t.Parallel()
	commit, digest := "main@sha1:"+strings.Repeat("0a", 20), "latest@sha256:"+strings.Repeat("0b", 32)
	for name, c := range map[string]struct{ revision, origin, want string }{
		"OfGit":                  {commit, "", commit},
		"OfGitWithAnOrigin":      {commit, "main@sha1:" + strings.Repeat("0c", 20), commit},
		"OfAnArtifactFromGit":    {digest, commit, commit},
		"OfAnArtifactByHand":     {digest, "", digest},
		"OriginThatIsNoRevision": {digest, "by hand", digest},
		"Neither":                {"", "", ""},
	} {
		if got := GitRevision(c.revision, c.origin); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
