package gitrev

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Check returns an error if dir is in a clone that git refuses to read, with git's reason and advice: another user owns the clone, as in many
// containers, or its configuration is invalid. Without a clone or git it returns nil.
func Check(ctx context.Context, dir string) error {
	c := clone{ctx: ctx, dir: dir}
	_, err := c.git("rev-parse", "--git-dir")
	return c.refusal(err)
}

// refusal returns the reason for which git failed; nil if there is no clone or no git. A folder that looks like a bare repository is no clone
// (see settings).
func (c clone) refusal(err error) error {
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return nil
	}
	lines := strings.FieldsFunc(strings.TrimPrefix(string(failed.Stderr), "fatal: "), func(r rune) bool { return r == '\n' || r == '\t' })
	reason := strings.ReplaceAll(strings.Join(lines, "; "), ":; ", ": ")
	if reason == "" || strings.HasPrefix(reason, "not a git repository") || strings.Contains(reason, "safe.bareRepository") {
		return nil
	}
	return fmt.Errorf("git does not read the clone in %s: %s", c.dir, reason)
}
