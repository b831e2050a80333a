package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// longestProse is how wide a line of help becomes on a wide terminal.
const longestProse = 110

// setHelp makes the help of all commands read as kubectl's does: examples, the command's own flags, and how it is called. The flags
// of kubectl are left to the command `options`.
func setHelp(root *cobra.Command, w iostreams.IOStreams) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		about := cmd.Long
		if about == "" {
			about = cmd.Short
		}
		width := tui.Terminal(w, "never").Width
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s", reflow(about, width), usage(cmd, width))
	})
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := io.WriteString(cmd.OutOrStderr(), usage(cmd, tui.Terminal(w, "never").Width))
		return err
	})
}

// usage is everything below the description of a command.
func usage(cmd *cobra.Command, width int) string {
	var out strings.Builder
	section := func(title, text string) {
		if text = strings.TrimRight(text, "\n"); text != "" {
			fmt.Fprintf(&out, "%s:\n%s\n\n", title, text)
		}
	}
	section("Examples", cmd.Example)
	section("Available Commands", commands(cmd))
	section("Flags", ownFlags(cmd).FlagUsagesWrapped(width))
	use := cmd.UseLine()
	if cmd.HasAvailableSubCommands() {
		use = cmd.CommandPath() + " COMMAND [flags]"
	}
	section("Usage", "  "+use)
	name := cmd.Root().CommandPath()
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&out, "Use \"%s COMMAND --help\" for more information about a command.\n", cmd.CommandPath())
	}
	fmt.Fprintf(&out, "Use \"%s options\" for a list of the flags that all commands share.\n", name)
	return out.String()
}

func commands(cmd *cobra.Command) string {
	var out strings.Builder
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(&out, "  %s  %s\n", style.Pad(sub.Name(), cmd.NamePadding()), sub.Short)
		}
	}
	return out.String()
}

// ownFlags are those that the help of a command lists.
func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	own := pflag.NewFlagSet("", pflag.ContinueOnError)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !cmdutil.IsShared(f) {
			own.AddFlag(f)
		}
	})
	return own
}

// reflow breaks the paragraphs of a text anew for a narrower terminal than it was written for. Indented lines are a table.
func reflow(text string, width int) string {
	if width <= 0 {
		return text
	}
	var out []string
	for _, paragraph := range strings.Split(text, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		var prose []string
		for len(lines) > 0 && !strings.HasPrefix(lines[0], " ") {
			prose = append(prose, lines[0])
			lines = lines[1:]
		}
		out = append(out, strings.Join(append(style.Wrap(strings.Join(prose, " "), min(width, longestProse)), lines...), "\n"))
	}
	return strings.Join(out, "\n\n")
}

// requireCommand makes a command that only holds others print its help, and name those that a mistyped one may have meant.
func requireCommand(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		requireCommand(sub)
	}
	if !cmd.HasSubCommands() || cmd.Runnable() {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return fmt.Errorf("unknown command %q for %q%s", args[0], cmd.CommandPath(), meantCommand(cmd, args[0]))
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
}

func meantCommand(cmd *cobra.Command, typed string) string {
	var names []string
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		names = append(names, sub.Name())
		for _, other := range sub.SuggestFor {
			if strings.EqualFold(other, typed) {
				return fmt.Sprintf("; did you mean %q?", sub.Name())
			}
		}
	}
	if near := suggest.Nearest(names, typed); len(near) > 0 {
		return suggest.DidYouMean(names, typed)
	}
	return ""
}

// meantFlag names the flags that an unknown one may have meant.
func meantFlag(cmd *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return ""
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	if near := suggest.Nearest(names, "--"+unknown.GetSpecifiedName()); len(near) > 0 {
		return suggest.DidYouMean(names, "--"+unknown.GetSpecifiedName())
	}
	return ""
}
