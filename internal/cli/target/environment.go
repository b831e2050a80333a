package target

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// OneEnvironment describes -e of a command that is about one environment.
func OneEnvironment(cmd *cobra.Command) {
	cmd.Flags().Lookup("environment").Usage = "environment (default: the only one, or the only one that fails)"
}

// Environment returns the environment that the command is about: the one that -e or the object names, else the only one in which the
// component is deployed, else the only one that fails. It writes to notes which one it has chosen. Of several that -e or the settings
// name, it chooses in the same way.
func (r Read) Environment(notes io.Writer) (trace.Environment, error) {
	if len(r.Trace.Subject.Environments) == 1 && len(r.Trace.Environments) == 1 {
		return r.Trace.Environments[0], nil
	}
	var deployed, failed []trace.Environment
	for _, e := range r.Trace.Environments {
		if style.IsUnbound(e) {
			continue
		}
		deployed = append(deployed, e)
		if e.Verdict == trace.VerdictFailed {
			failed = append(failed, e)
		}
	}
	component := r.Trace.Subject.Component
	switch {
	case len(deployed) == 0:
		return trace.Environment{}, fmt.Errorf("%s is deployed in no environment%s", component, why(r.Trace.Failing))
	case len(deployed) == 1:
		return deployed[0], note(notes, "using environment "+deployed[0].Name+": the only one that has "+component)
	case len(failed) == 1:
		return failed[0], note(notes, "using environment "+failed[0].Name+": the only one that fails")
	}
	var lines []string
	for _, e := range deployed {
		lines = append(lines, e.Name+", "+style.VerdictWord(e))
	}
	return trace.Environment{}, fmt.Errorf("name one of the environments of %s with -e:\n%s", component, strings.Join(lines, "\n"))
}

// why is the first cause of a failure, to be appended to what it has led to.
func why(f *trace.Failure) string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf("; it fails at %s: %s", style.Place(f.Rung, f.Environment), f.Message)
}

// Why is what fails in an environment, or above it, to be appended to what it has led to.
func (r Read) Why(e trace.Environment) string {
	for _, f := range []*trace.Failure{e.Failing, r.Trace.Failing} {
		if f != nil && (f.Environment == "" || f.Environment == e.Name) {
			return why(f)
		}
	}
	return ""
}

// note writes a line for people.
func note(w io.Writer, text string) error {
	if _, err := fmt.Fprintln(w, printers.Escape(text)); err != nil {
		return errors.Join(errors.New("cannot write to the standard error"), err)
	}
	return nil
}
