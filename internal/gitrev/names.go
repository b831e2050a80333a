package gitrev

import (
	"context"
	"strings"
)

// maxNames bounds the names of revisions for a completion.
const maxNames = "200"

// Names returns the branches, the remote-tracking branches and the tags of a clone, the newest first.
func Names(ctx context.Context, dir string) []string {
	c := clone{ctx: ctx, dir: dir}
	out, err := c.git("for-each-ref", "--sort=-creatordate", "--count="+maxNames, "--format=%(refname:lstrip=2)", "refs/heads", "refs/remotes", "refs/tags")
	if err != nil || out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}
