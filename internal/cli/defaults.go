package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/config"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// useSettings gives the flags that were not typed the values of the user's settings. The contexts of planes are not among them: these
// are taken plane by plane.
func useSettings(w iostreams.IOStreams, cmd *cobra.Command) error {
	if cmd.Flags().Lookup("color") == nil && cmd.Flags().Lookup("environment") == nil {
		return nil // nothing to read the file for
	}
	settings, err := config.Read(w.Getenv)
	if err != nil {
		return err
	}
	// A snapshot is of the environments that it was taken of, a gate lets pass on one machine what it does on another, and two environments
	// are the sides of a comparison.
	if !cmd.Flags().Changed("snapshot") && cmd.Name() != "verify" && cmd.Name() != "diff" {
		if err := unlessTyped(cmd, "environment", strings.Join(settings.Environments, ",")); err != nil {
			return err
		}
	}
	return unlessTyped(cmd, "color", settings.Color)
}

func unlessTyped(cmd *cobra.Command, flag, value string) error {
	if f := cmd.Flags().Lookup(flag); f == nil || f.Changed || value == "" {
		return nil
	}
	return cmd.Flags().Set(flag, value)
}
