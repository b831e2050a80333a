package trace

import (
	"cmp"
	"context"
	"io"
	"strings"
	"sync"
)

// RunCommand runs another command of the program, with streams of its own and without a keyboard. It prints the error; the one that it
// returns has only the exit code.
type RunCommand func(ctx context.Context, args []string, out, err io.Writer) error

// reconciling runs `reconcile` while a trace is watched.
type reconciling struct {
	command RunCommand
	group   sync.WaitGroup

	mu   sync.Mutex
	late []string // lines after the watch has ended
}

// reconcileArgs is the command line of `reconcile` for the component that is watched.
func (w *watching) reconcileArgs() []string {
	return append([]string{"reconcile", w.reader.Subject.Component, "--color", "never"}, w.reader.ClusterArgs(w.flags)...)
}

// run reports the lines that the command prints, and returns the one with its result: the first of its output, or its error.
func (r *reconciling) run(ctx context.Context, args []string, report func(string)) string {
	r.group.Add(1)
	defer r.group.Done()
	result, last := "", ""
	out := &lineWriter{take: func(line string) {
		result = cmp.Or(result, line)
		r.take(ctx, line, report)
	}}
	errs := &lineWriter{take: func(line string) {
		last = line
		r.take(ctx, line, report)
	}}
	_ = r.command(ctx, args, out, errs) // the lines tell
	return cmp.Or(result, last)
}

func (r *reconciling) take(ctx context.Context, line string, report func(string)) {
	if ctx.Err() == nil {
		report(line)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late = append(r.late, line)
}

// wait returns after the command has ended, with what it has reported since the watch has ended: what still runs in the cluster.
func (r *reconciling) wait() []string {
	r.group.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.late
}

// lineWriter takes each line that is written.
type lineWriter struct {
	take func(string)
	rest string
}

func (w *lineWriter) Write(text []byte) (int, error) {
	w.rest += string(text)
	for {
		line, rest, found := strings.Cut(w.rest, "\n")
		if !found {
			return len(text), nil
		}
		w.rest = rest
		w.take(line)
	}
}
