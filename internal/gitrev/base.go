package gitrev

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Former is a file as it was at the base of a change.
type Former struct {
	File string // relative to the requested folder, with slashes
	Text []byte
}

// Formers returns the YAML files below dir that differ from the merge base of HEAD and base, committed or not. Their text is that
// of the merge base. New files are not included. The error names the part that the clone lacks.
func Formers(ctx context.Context, dir, base string) ([]Former, error) {
	c := clone{ctx: ctx, dir: dir}
	fork, err := c.mergeBase(base)
	if err != nil {
		return nil, err
	}
	return c.formers(fork)
}

// mergeBase returns the merge base of HEAD and base.
func (c clone) mergeBase(base string) (string, error) {
	if _, err := c.git("rev-parse", "--git-dir"); err != nil {
		if refused := c.refusal(err); refused != nil {
			return "", fmt.Errorf("compare with %s: %w", base, refused)
		}
		return "", fmt.Errorf("compare with %s: %s is in no clone of a Git repository, or there is no git; leave out --base", base, c.dir)
	}
	commit, err := c.git("rev-parse", "--verify", "--quiet", "--end-of-options", base+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("compare with %s: the clone in %s does not have it; fetch it first", base, c.dir)
	}
	fork, err := c.git("merge-base", commit, "HEAD")
	if err != nil {
		return "", fmt.Errorf("compare with %s: it has no commit in common with HEAD, or the clone is too shallow; fetch more of its history", base)
	}
	return fork, nil
}

func (c clone) formers(fork string) ([]Former, error) {
	out, err := c.raw("diff", "--name-only", "-z", "--no-renames", "--diff-filter=a", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--relative", fork, "--", "*.yaml", "*.yml")
	if err != nil {
		return nil, fmt.Errorf("list what has changed since %s: %w", fork, err)
	}
	var found []Former
	for _, file := range zeroed(out) {
		text, err := c.raw("cat-file", "blob", fork+":./"+file)
		if err != nil {
			return nil, fmt.Errorf("read %s at %s: the clone does not have it; clone without --filter, or run git fetch --refetch", file, fork)
		}
		found = append(found, Former{file, text})
	}
	return found, nil
}

// Files returns the files below dir that the next commit could contain: tracked files, and new files that are not ignored. Ok is
// false if git fails; then every file counts.
func Files(ctx context.Context, dir string) (files []string, ok bool) {
	c := clone{ctx: ctx, dir: dir}
	out, err := c.raw("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	files = zeroed(out)
	return files, err == nil && len(files) > 0
}

// Skipped returns the content of the files below dir that a sparse checkout leaves out, as they are in the index. It omits files
// that the clone does not have.
func Skipped(ctx context.Context, dir string) map[string][]byte {
	c := clone{ctx: ctx, dir: dir}
	out, err := c.raw("ls-files", "-z", "-t", "--cached")
	if err != nil {
		return nil
	}
	var names []string
	for _, line := range zeroed(out) {
		if name, skipped := strings.CutPrefix(line, "S "); skipped && !strings.Contains(name, "\n") {
			names = append(names, name)
		}
	}
	return c.blobs(names)
}

// blobs reads files of the index.
func (c clone) blobs(names []string) map[string][]byte { return c.batch(":./", names) }

// objects reads files by the names of their objects.
func (c clone) objects(ids []string) map[string][]byte { return c.batch("", ids) }

// batch reads files: git prints a line with the name of an object, its type and size, then the content, for each.
func (c clone) batch(prefix string, names []string) map[string][]byte {
	if len(names) == 0 {
		return nil
	}
	cmd := c.command("cat-file", "--batch")
	cmd.Stdin = strings.NewReader(prefix + strings.Join(names, "\n"+prefix) + "\n")
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	found := map[string][]byte{}
	for _, name := range names {
		line, rest, ok := bytes.Cut(out, []byte("\n"))
		fields := strings.Fields(string(line))
		if !ok {
			return found
		}
		out = rest
		if len(fields) != 3 || fields[1] != "blob" {
			continue // missing
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil || size+1 > len(out) {
			return found
		}
		found[name], out = out[:size:size], out[size+1:]
	}
	return found
}

// Own returns those of the URLs that are remotes of the clone of dir, and whether it has any remote.
func Own(ctx context.Context, dir string, urls []string) (own []string, remotes bool) {
	c := clone{ctx: ctx, dir: dir}
	return c.followed(urls), len(c.remotes()) > 0
}

// Branch returns the branch that is checked out in the clone of dir. It is "" for a detached HEAD and without a clone.
func Branch(ctx context.Context, dir string) string {
	branch, _ := clone{ctx: ctx, dir: dir}.git("symbolic-ref", "--short", "--quiet", "HEAD")
	return branch
}

// Prefix returns the path from the root of the clone to dir. It is "" if dir is that root or is in no clone.
func Prefix(ctx context.Context, dir string) string {
	prefix, _ := clone{ctx: ctx, dir: dir}.git("rev-parse", "--show-prefix")
	return prefix
}

// zeroed splits output that git terminates with NUL.
func zeroed(out []byte) []string {
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}
