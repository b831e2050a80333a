package gitrev

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Tree returns the regular files below dir at the merge base of HEAD and base, by path from dir. It omits files of more than limit
// bytes. The error names the part that the clone lacks.
func Tree(ctx context.Context, dir, base string, limit int) (map[string][]byte, error) {
	c := clone{ctx: ctx, dir: dir}
	fork, err := c.mergeBase(base)
	if err != nil {
		return nil, err
	}
	return c.tree(fork, limit)
}

// TreeAt returns the regular files of the whole clone of dir at a revision, by path from its root, and the commit.
func TreeAt(ctx context.Context, dir, revision string, limit int) (files map[string][]byte, commit string, err error) {
	c := clone{ctx: ctx, dir: dir}
	if _, err := c.git("rev-parse", "--git-dir"); err != nil {
		return nil, "", fmt.Errorf("read %s: %s is in no clone of a Git repository, or there is no git; use --repo", revision, dir)
	}
	commit, err = c.git("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, "", fmt.Errorf("read %s: the clone in %s does not have it; fetch it first", revision, dir)
	}
	files, err = c.tree(commit, limit, "--full-tree")
	return files, commit, err
}

// tree returns the regular files of a commit, below the folder of the clone.
func (c clone) tree(commit string, limit int, flags ...string) (map[string][]byte, error) {
	out, err := c.raw(append(append([]string{"ls-tree", "-r", "-l", "-z"}, flags...), commit)...)
	if err != nil {
		return nil, fmt.Errorf("list the files at %s: the clone does not have them; clone without --filter, or run git fetch --refetch: %w", commit, err)
	}
	var names, ids []string
	for _, line := range zeroed(out) {
		entry, name, _ := strings.Cut(line, "\t")
		fields := strings.Fields(entry) // mode, type, object, size
		if len(fields) != 4 || !strings.HasPrefix(fields[0], "100") {
			continue
		}
		if size, err := strconv.Atoi(fields[3]); err == nil && size <= limit {
			names, ids = append(names, name), append(ids, fields[2])
		}
	}
	contents := c.objects(ids)
	files := make(map[string][]byte, len(names))
	for i, name := range names {
		text, ok := contents[ids[i]]
		if !ok {
			return nil, fmt.Errorf("read %s at %s: the clone does not have it; clone without --filter, or run git fetch --refetch", name, commit)
		}
		files[name] = text
	}
	return files, c.ctx.Err()
}
