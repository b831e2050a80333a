// Package completion is the command that generates completion scripts for shells.
package completion

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// NewCommand replaces cobra's own command: its scripts would be for a program that is called as the root command is, and no user
// types that alone.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	cmd := &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a shell completion script",
		Long: `Print a script that makes a shell complete commands, flags, and names from the cluster for kubectl-choreo. SHELL is bash, zsh,
fish or powershell.

For "kubectl choreo", the script of kubectl completion is used: put the file kubectl_complete-choreo from the archive into a
folder of the PATH. On Windows, use a copy of the program named kubectl_complete-choreo.exe. For "flux choreo", the script of
flux completion is enough.`,
		Example: `  source <(kubectl-choreo completion bash)
  kubectl-choreo completion zsh > "${fpath[1]}/_kubectl-choreo"
  kubectl-choreo completion fish > ~/.config/fish/completions/kubectl-choreo.fish
  kubectl-choreo completion powershell | Out-String | Invoke-Expression`,
		Args: oneShell, ValidArgs: shells,
		RunE: func(_ *cobra.Command, args []string) error { return printCompletion(w, args[0]) },
	}
	named := func(text string) string {
		return strings.ReplaceAll(text, "kubectl-choreo", iostreams.ProgramName(w.Args))
	}
	cmd.Long, cmd.Example = named(cmd.Long), named(cmd.Example)
	return cmd
}

func oneShell(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name one shell: bash, zsh, fish or powershell")
	}
	return nil
}

// printCompletion needs the name alone: the scripts ask the program itself for everything else.
func printCompletion(w iostreams.IOStreams, shell string) error {
	program := &cobra.Command{Use: iostreams.ProgramName(w.Args)}
	switch shell {
	case "bash":
		return program.GenBashCompletionV2(w.Out, true)
	case "zsh":
		return program.GenZshCompletion(w.Out)
	case "fish":
		return program.GenFishCompletion(w.Out, true)
	case "powershell":
		return program.GenPowerShellCompletionWithDesc(w.Out)
	}
	return fmt.Errorf("unknown shell %q; use bash, zsh, fish or powershell", shell)
}
