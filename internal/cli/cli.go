// Package cli runs the command line: the root command, signals, and the error that is printed last. Its streams come in as an
// argument, so that a test is a user.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	completioncmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/completion"
	configcmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/config"
	diffcmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/diff"
	eventscmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/events"
	explaincmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/explain"
	exportercmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/exporter"
	historycmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/history"
	lintcmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/lint"
	logscmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/logs"
	mcpcmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/mcp"
	opencmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/open"
	optionscmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/options"
	rbaccmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/rbac"
	reconcilecmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/reconcile"
	snapshotcmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/snapshot"
	statuscmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/status"
	tracecmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/trace"
	verifycmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/verify"
	versioncmd "github.com/kubectl-choreo/kubectl-choreo/internal/cli/version"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// ErrTerminated is the cause with which the context of Main ends on SIGTERM. Any other cause counts as Ctrl-C.
var ErrTerminated = errors.New("terminated")

// Main runs the program and returns its exit code.
func Main(ctx context.Context, w iostreams.IOStreams) int {
	w.Args = fromKubectl(w.Args)
	if completing(w.Args) {
		w.Err = io.Discard // the user is typing a line
	}
	w.Terminal = &iostreams.Terminal{}
	err := execute(ctx, newRoot(w), w.Terminal)
	switch {
	case errors.Is(context.Cause(ctx), ErrTerminated):
		_, _ = fmt.Fprintln(w.Err, "terminated")
		return cmdutil.ExitTerminated
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(w.Err, "interrupted")
		return cmdutil.ExitInterrupted
	}
	var judged *cmdutil.VerdictError
	if errors.As(err, &judged) {
		return judged.Code
	}
	if err == nil {
		return cmdutil.ExitOK
	}
	printError(w, err)
	return exitCode(err)
}

// exitCode is that of an error that is no verdict.
func exitCode(err error) int {
	var coded *cmdutil.CodedError
	if errors.As(err, &coded) {
		return coded.Code
	}
	return cmdutil.ExitError
}

func printError(w iostreams.IOStreams, err error) {
	_, _ = fmt.Fprintln(w.Err, "error:", printers.Escape(iostreams.WithProgramName(err.Error(), iostreams.DisplayName(w.Args))))
}

// inside runs a command while another one uses the terminal. It prints what Main prints, but no word on a signal.
func inside(w iostreams.IOStreams) tracecmd.RunCommand {
	return func(ctx context.Context, args []string, out, errs io.Writer) error {
		program := w.Args[:min(len(w.Args), 1)]
		w := iostreams.IOStreams{Args: append(slices.Clone(program), args...), In: strings.NewReader(""), Out: out, Err: errs, Getenv: w.Getenv, Configure: w.Configure}
		var judged *cmdutil.VerdictError
		cmd, err := newRoot(w).ExecuteContextC(ctx)
		err = cmdutil.WithErrorCode(cmd, err)
		if err == nil || ctx.Err() != nil || errors.As(err, &judged) {
			return err
		}
		printError(w, err)
		return &cmdutil.VerdictError{Code: exitCode(err)}
	}
}

// withoutExternalDiff hides the variable that names a program for diffs: a tool returns the output of ours.
func withoutExternalDiff(w iostreams.IOStreams) iostreams.IOStreams {
	getenv := w.Getenv
	w.Getenv = func(name string) string {
		if name == diffcmd.ExternalDiff {
			return ""
		}
		return getenv(name)
	}
	return w
}

// unwindTime is how long a command may take after a signal, to restore the terminal. Reading a pipe and building with kustomize
// take longer, because no context ends them.
const unwindTime = 500 * time.Millisecond

// execute runs a command, and leaves it behind when it does not return soon after the context has ended. It restores the terminal
// in any case.
func execute(ctx context.Context, root *cobra.Command, terminal *iostreams.Terminal) error {
	done := make(chan error, 1)
	go func() { done <- runCommand(ctx, root, terminal) }()
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
		terminal.Restore()
		return ctx.Err()
	}
}

// runCommand runs a command. The deferred call is for a panic: the program ends with it.
func runCommand(ctx context.Context, root *cobra.Command, terminal *iostreams.Terminal) error {
	defer terminal.Restore()
	cmd, err := root.ExecuteContextC(ctx)
	return cmdutil.WithErrorCode(cmd, err)
}

// completing reports whether a shell requests the completions of a word.
func completing(args []string) bool {
	return len(args) > 1 && (args[1] == cobra.ShellCompRequestCmd || args[1] == cobra.ShellCompNoDescRequestCmd)
}

func newRoot(w iostreams.IOStreams) *cobra.Command {
	root := &cobra.Command{
		Use:   "choreo",
		Short: "Trace an OpenChoreo component from its Git revision down to its pods",
		Long: `Trace an OpenChoreo component from its Git revision through Flux and OpenChoreo down to its pods, and name the rung
that fails and its cause.`,
		Example: `  kubectl choreo trace greeter-service
  kubectl choreo verify -p demo --timeout 0
  kubectl choreo reconcile greeter-service --wait`,
		SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: iostreams.DisplayName(w.Args)},
	}
	w.Verbosity = root.PersistentFlags().IntP("v", "v", 0, "number for the log level verbosity")
	cmdutil.MarkShared(root.PersistentFlags(), "v")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if w.LogsRequests() && w.LogRequests != nil {
			w.LogRequests(*w.Verbosity)
		}
		return useSettings(w, cmd)
	}
	root.SetIn(w.In)
	root.SetOut(w.Out)
	root.SetErr(w.Err)
	if len(w.Args) > 0 {
		root.SetArgs(w.Args[1:])
	}
	root.SetFlagErrorFunc(seeHelp)
	root.AddCommand(tracecmd.NewCommand(w, inside(w)), statuscmd.NewCommand(w), reconcilecmd.NewCommand(w), verifycmd.NewCommand(w), logscmd.NewCommand(w), eventscmd.NewCommand(w), historycmd.NewCommand(w), diffcmd.NewCommand(w), opencmd.NewCommand(w), explaincmd.NewCommand(w), snapshotcmd.NewCommand(w), exportercmd.NewCommand(w), lintcmd.NewCommand(w), mcpcmd.NewCommand(w, mcpcmd.RunCommand(inside(withoutExternalDiff(w)))), rbaccmd.NewCommand(w), configcmd.NewCommand(w), versioncmd.NewCommand(w), completioncmd.NewCommand(w), optionscmd.NewCommand(w))
	setHelp(root, w)
	requireCommand(root)
	nameProgram(root, iostreams.DisplayName(w.Args))
	return root
}

// seeHelp adds what to do about an invalid command line.
func seeHelp(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	if meant := meantFlag(cmd, err); meant != "" {
		return fmt.Errorf("%w%s", err, meant)
	}
	if strings.HasSuffix(err.Error(), "?") {
		return err // it names what may have been meant
	}
	return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
}

// nameProgram does so with the texts and examples of all commands, and with what is wrong about their arguments.
func nameProgram(cmd *cobra.Command, name string) {
	cmd.Long, cmd.Example = iostreams.WithProgramName(cmd.Long, name), iostreams.WithProgramName(cmd.Example, name)
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error { return seeHelp(cmd, check(cmd, args)) }
	}
	for _, sub := range cmd.Commands() {
		nameProgram(sub, name)
	}
}

// fromKubectl are the arguments that kubectl means when it calls this program by the name under which it looks for completions, of
// which all arguments are words to complete. On Windows it finds no script without an extension, but a copy of this program.
func fromKubectl(args []string) []string {
	if iostreams.ProgramName(args) != "kubectl_complete-choreo" {
		return args
	}
	return append([]string{"kubectl-choreo", cobra.ShellCompRequestCmd}, args[1:]...)
}
