package gitrev

import "context"

// Contains reports whether a YAML file of a commit contains one of some words.
func Contains(ctx context.Context, dir, commit string, words ...string) bool {
	args := []string{"grep", "-q", "-F", "--no-recurse-submodules"}
	for _, word := range words {
		args = append(args, "-e", word)
	}
	_, err := clone{ctx: ctx, dir: dir}.raw(append(args, commit, "--", ":(top)*.yaml", ":(top)*.yml")...)
	return err == nil
}
