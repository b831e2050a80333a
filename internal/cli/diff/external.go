package diff

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
)

// ExternalDiff is the variable of kubectl that names a program for diffs. As in kubectl, it gets two folders (Kubernetes v1.37
// staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go).
const ExternalDiff = "KUBECTL_EXTERNAL_DIFF"

// argument matches the arguments that kubectl passes on.
var argument = regexp.MustCompile(`^[a-zA-Z0-9-=]+$`)

// runExternal writes the objects that differ to two folders, and runs the program on these.
func (o *options) runExternal(ctx context.Context, program string, l difflist.List) error {
	if !l.Differs {
		return nil
	}
	dir, err := os.MkdirTemp("", "choreo-diff-")
	if err != nil {
		return fmt.Errorf("create a folder for %s: %w", ExternalDiff, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	from, to := filepath.Join(dir, "FROM"), filepath.Join(dir, "TO")
	if err := errors.Join(os.Mkdir(from, 0o700), os.Mkdir(to, 0o700)); err != nil {
		return fmt.Errorf("create a folder for %s: %w", ExternalDiff, err)
	}
	for i, object := range l.Objects {
		if !object.Differs() {
			continue
		}
		name := fileName(i, object)
		if err := errors.Join(writeObject(filepath.Join(from, name), object.FromContent), writeObject(filepath.Join(to, name), object.ToContent)); err != nil {
			return err
		}
	}
	words := strings.Fields(program)
	if len(words) == 0 {
		return fmt.Errorf("%s is empty", ExternalDiff)
	}
	var args []string
	for _, word := range words[1:] {
		if argument.MatchString(word) {
			args = append(args, word)
		}
	}
	cmd := exec.CommandContext(ctx, words[0], append(args, from, to)...)
	cmd.Stdout, cmd.Stderr = o.streams.Out, o.streams.Err
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1 is that of diff for a difference
		return fmt.Errorf("run %s of %s: %w", words[0], ExternalDiff, err)
	}
	return nil
}

// unsafe matches what a file name must not have: names of objects come from a cluster.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// fileName is kubectl's, behind a number: names may be the same once they are made safe.
func fileName(i int, object difflist.Object) string {
	parts := []string{object.Object.Group, object.Object.Kind, object.Object.Namespace, object.Object.Name}
	name := unsafe.ReplaceAllString(strings.Join(parts, "."), "_")
	return fmt.Sprintf("%03d-%s", i, name[:min(len(name), 200)])
}

// writeObject writes an object; nothing for one that a side does not have.
func writeObject(file string, content map[string]any) error {
	text, err := difflist.Text(content)
	if err != nil || text == "" {
		return err
	}
	if err := os.WriteFile(file, []byte(escape.Preformatted(text)+"\n"), 0o600); err != nil {
		return fmt.Errorf("write an object for %s: %w", ExternalDiff, err)
	}
	return nil
}
