package mcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

// commands runs commands of the program for tools.
type commands struct {
	run    RunCommand
	folder string // of the repository; "" if the user named none
}

// start runs a command with the flags that choose a cluster or a file. Names follow "--", so that none can be a flag.
func (c commands) start(ctx context.Context, command tool.Command, fixed []string) (tool.Output, error) {
	args := []string{command.Verb}
	if !command.NoCluster {
		args = append(args, fixed...)
	}
	args = append(args, command.Args...)
	args = append(append(args, "--color=never", "--"), command.Names...)
	var out bytes.Buffer
	errs := &lines{take: command.Progress}
	err := c.run(ctx, args, &out, errs)
	if ctx.Err() != nil {
		return tool.Output{}, ctx.Err()
	}
	var judged *cmdutil.VerdictError
	notes := strings.TrimSpace(errs.all())
	switch {
	case err == nil:
		return tool.Output{Text: out.String(), Notes: notes}, nil
	case errors.As(err, &judged) && (out.Len() > 0 || !hasError(notes)):
		return tool.Output{Text: out.String(), Notes: notes, ExitCode: judged.Code}, nil
	case errors.As(err, &judged):
		return tool.Output{}, errors.New(strings.TrimPrefix(notes, "error: "))
	}
	return tool.Output{}, err
}

// hasError reports whether a line is the error of a command. A verdict may have nothing but notes: diff prints no object that it could
// not read.
func hasError(notes string) bool { return strings.Contains("\n"+notes, "\nerror: ") }

// Folder returns the path of a folder of the repository.
func (c commands) Folder(path string) (string, error) {
	if path == "" {
		path = "."
	}
	if !filepath.IsLocal(path) {
		return "", fmt.Errorf("invalid path %q: use a folder below the one that the user chose at start", path)
	}
	// A symbolic link may lead outside.
	root, err := os.OpenRoot(c.folder)
	if err != nil {
		return "", fmt.Errorf("cannot open the repository: %w", err)
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot open folder: %w", err)
	case !info.IsDir():
		return "", fmt.Errorf("invalid path %q: it is no folder", path)
	}
	return filepath.Join(c.folder, path), nil
}

// mostText bounds what is kept of the standard error.
const mostText = 64 << 10

// lines keeps what is written, and passes on each line.
type lines struct {
	take func(string)

	mu   sync.Mutex
	text strings.Builder
	rest string
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text.Len() < mostText {
		l.text.Write(text)
	}
	l.rest += string(text)
	for {
		line, rest, found := strings.Cut(l.rest, "\n")
		if !found {
			return len(text), nil
		}
		if l.rest = rest; l.take != nil {
			l.take(line)
		}
	}
}

func (l *lines) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
