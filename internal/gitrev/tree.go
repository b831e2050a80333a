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
	out, err := c.raw("ls-tree", "-r", "-l", "-z", fork)
	if err != nil {
		return nil, fmt.Errorf("list the files at %s: the clone does not have them; clone without --filter, or run git fetch --refetch: %w", fork, err)
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
			return nil, fmt.Errorf("read %s at %s: the clone does not have it; clone without --filter, or run git fetch --refetch", name, fork)
		}
		files[name] = text
	}
	return files, ctx.Err()
}
