// Package clone has the flags that choose a clone and a revision of it, with their completion.
package clone

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
)

// completionTime bounds the reading of a clone for a completion.
const completionTime = 2 * time.Second

// AddFlags adds --revision and --repo.
func AddFlags(cmd *cobra.Command, revision, repo *string) {
	cmd.Flags().StringVar(revision, "revision", "", "wanted Git revision: a commit, tag or branch of the clone, HEAD, or remote\nfor the head of the source's branch at its remote (git ls-remote)")
	cmd.Flags().StringVar(repo, "repo", ".", "clone of the GitOps repository")
	_ = cmd.RegisterFlagCompletionFunc("revision", func(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		return revisions(cmd.Context(), *repo, toComplete, cmd.Name() == "diff"), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}) // fails only without the flag
	_ = cmd.MarkFlagDirname("repo")
}

// revisions are those of a clone that begin so; the second one of A..B, if there may be two.
func revisions(ctx context.Context, dir, toComplete string, two bool) []string {
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	words, prefix := []string{"HEAD", remote.Keyword}, ""
	if from, _, isSecond := strings.Cut(toComplete, ".."); two && isSecond {
		words, prefix = []string{"HEAD"}, from+".."
	}
	var found []string
	for _, name := range append(words, gitrev.Names(ctx, dir)...) {
		if name = prefix + name; strings.HasPrefix(name, toComplete) {
			found = append(found, name)
		}
	}
	return found
}
