// Package config is the command that shows the user's settings.
package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/config"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/settings"
)

// NewCommand returns the command `config`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings of kubectl choreo",
		Long: `Settings are default values of flags. They are read from $XDG_CONFIG_HOME/kubectl-choreo/config.yaml (default
~/.config/kubectl-choreo/config.yaml), or from the file that $KUBECTL_CHOREO_CONFIG names. Flags override settings.`,
		Example: `  kubectl choreo config view`,
	}
	cmd.AddCommand(newConfigView(w))
	return cmd
}

// newConfigView takes the flags that win over the file, so that the outcome of a command line can be shown. It runs
// without useSettings, which would make what is in the file look as if it had been typed.
func newConfigView(w iostreams.IOStreams) *cobra.Command {
	r := cmdutil.NewReader(w)
	var color string
	cmd := &cobra.Command{
		Use: "view", Short: "Print the settings and where each comes from", Args: cobra.NoArgs,
		Example: `  kubectl choreo config view
  kubectl choreo config view -e staging --plane prod=prod-cluster`,
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := tui.CheckColor(color); err != nil {
				return err
			}
			return viewSettings(&r, cmd, color)
		},
	}
	cmd.Flags().StringSliceVarP(&r.Subject.Environments, "environment", "e", nil, "environment, as in trace")
	cmd.Flags().StringArrayVar(&r.Planes, "plane", nil, "kubeconfig context of a data plane, as `NAME=CONTEXT`")
	cmd.Flags().StringVar(&color, "color", "auto", "colour output: auto, always or never")
	r.CompleteFlags(cmd)
	cmdutil.CompleteColor(cmd)
	return cmd
}

const byDefault = "default"

func viewSettings(r *cmdutil.Reader, cmd *cobra.Command, color string) error {
	file, err := config.Read(r.Streams.Getenv)
	if err != nil {
		return err
	}
	contexts, err := r.PlaneContexts()
	if err != nil {
		return err
	}
	all := []settings.Setting{
		chosen(cmd, "color", color, file.Color, file.Path),
		chosen(cmd, "environment", strings.Join(r.Subject.Environments, ", "), strings.Join(file.Environments, ", "), file.Path),
	}
	for _, plane := range slices.Sorted(maps.Keys(contexts)) {
		all = append(all, settings.Setting{Name: "plane " + string(plane), Value: contexts[plane].Context, From: contexts[plane].From})
	}
	return settings.Write(r.Streams.Out, all)
}

// chosen is what counts of a flag and the file. That no environment is named means all.
func chosen(cmd *cobra.Command, flag, typed, inFile, path string) settings.Setting {
	s := settings.Setting{Name: flag, Value: cmp.Or(typed, "all"), From: byDefault}
	switch {
	case cmd.Flags().Changed(flag):
		s.From = "--" + flag
	case inFile != "":
		s.Value, s.From = inFile, path
	}
	return s
}
