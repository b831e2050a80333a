// Package cli holds the commands: flags become options, options are run, and the outcome becomes an exit code. The
// world comes in as an argument, so that a test is a user.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// World is everything that a command may touch besides clusters and files.
type World struct {
	Args     []string // with the program's name
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Interrupt ends the context of Main, as the signal does: while a terminal is drawn on, Ctrl-C is a key. It may be nil.
	Interrupt func()
	// Configure changes how clusters are reached. It may be nil: tests reach theirs without a network.
	Configure func(*rest.Config)
	// Offline makes HTTP clients without a transport of their own refuse every request. It may be nil.
	Offline func()
}

// ErrTerminated is the cause with which the context of Main ends on SIGTERM. Any other cause counts as Ctrl-C.
var ErrTerminated = errors.New("terminated")

// Main runs the program and returns its exit code.
func Main(ctx context.Context, w World) int {
	w.Args = fromKubectl(w.Args)
	if completing(w.Args) {
		w.Err = io.Discard // somebody is in the middle of a line
	}
	root := newRoot(w)
	err := execute(ctx, root)
	switch {
	case errors.Is(context.Cause(ctx), ErrTerminated):
		_, _ = fmt.Fprintln(w.Err, "terminated")
		return exitTerminated
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(w.Err, "interrupted")
		return exitInterrupted
	}
	var judged *verdictError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &judged):
		return judged.code
	}
	_, _ = fmt.Fprintln(w.Err, "error:", printers.Escape(speaking(err.Error(), displayName(w.Args))))
	var coded *codedError
	if errors.As(err, &coded) {
		return coded.code
	}
	return exitError
}

// unwindTime is how long a command may take after a signal, to restore the terminal. Reading a pipe and building with kustomize
// take longer, because no context ends them.
const unwindTime = 500 * time.Millisecond

// execute runs a command, and leaves it behind when it does not return soon after the context has ended.
func execute(ctx context.Context, root *cobra.Command) error {
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), unwindTime)
	defer cancel()
	select {
	case err := <-done:
		return err
	case <-late.Done():
		return ctx.Err()
	}
}

// completing reports whether a shell asks what a word may become.
func completing(args []string) bool {
	return len(args) > 1 && (args[1] == cobra.ShellCompRequestCmd || args[1] == cobra.ShellCompNoDescRequestCmd)
}

// displayName is how the user calls this program: as a plugin of kubectl, or of flux.
func displayName(args []string) string {
	if programName(args) == "flux-choreo" {
		return "flux choreo"
	}
	return "kubectl choreo"
}

func newRoot(w World) *cobra.Command {
	root := &cobra.Command{
		Use:   "choreo",
		Short: "Trace an OpenChoreo component from its Git revision down to its pods",
		Long: `Trace an OpenChoreo component from its Git revision through Flux and OpenChoreo down to its pods, and name the rung
that fails and its cause.`,
		SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: displayName(w.Args)},
	}
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return useSettings(w, cmd) }
	root.SetIn(w.In)
	root.SetOut(w.Out)
	root.SetErr(w.Err)
	if len(w.Args) > 0 {
		root.SetArgs(w.Args[1:])
	}
	root.SetFlagErrorFunc(seeHelp)
	root.AddCommand(newTrace(w), newReconcile(w), newVerify(w), newExplain(w), newSnapshot(w), newLint(w), newConfig(w), newVersion(w), newCompletion(w))
	speakAs(root, displayName(w.Args))
	return root
}

// speaking makes a text of ours name the program as its user does.
func speaking(text, name string) string { return strings.ReplaceAll(text, "kubectl choreo", name) }

// seeHelp says what to do about a command line that is none.
func seeHelp(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
}

// speakAs does so with the texts and examples of all commands, and with what is wrong about their arguments.
func speakAs(cmd *cobra.Command, name string) {
	cmd.Long, cmd.Example = speaking(cmd.Long, name), speaking(cmd.Example, name)
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error { return seeHelp(cmd, check(cmd, args)) }
	}
	for _, sub := range cmd.Commands() {
		speakAs(sub, name)
	}
}
