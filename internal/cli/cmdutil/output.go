package cmdutil

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Outputs are the form in which a report is printed, and the files into which it is written as well.
type Outputs struct {
	Output
	reports []string
	Color   string
}

// gateReport is what a gate came to.
type gateReport interface {
	Report
	Decision() verify.Decision
}

// AddFlags adds -o, --report and --color.
func (o *Outputs) AddFlags(cmd *cobra.Command, formats ...string) {
	o.Output.AddFlags(cmd, formats...)
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", nil, "also write the report in a format to a file, as `FORMAT=FILE`; may be repeated")
	f.StringVar(&o.Color, "color", "auto", "colour output: auto, always or never")
	CompleteColor(cmd)
}

// Check refuses unknown formats, and reports without a file. A report has a format of the command.
func (o *Outputs) Check() error {
	for _, r := range o.reports {
		format, file, _ := strings.Cut(r, "=")
		if file == "" {
			return fmt.Errorf("invalid --report %q: use FORMAT=FILE, such as --report junit=report.xml", r)
		}
		if !slices.Contains(o.formats, format) {
			return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(o.formats, ", "))
		}
	}
	if err := o.Output.Check(); err != nil {
		return err
	}
	return tui.CheckColor(o.Color)
}

// Answer prints a report, and returns its exit code; objects are those that -o name prints.
func (o *Outputs) Answer(w iostreams.IOStreams, r gateReport, objects []facts.Ref, now time.Time) error {
	options := tui.Terminal(w, o.Color)
	options.Now = now
	if err := o.Print(w.Out, r, objects, options); err != nil {
		return err
	}
	for _, one := range o.reports {
		format, file, _ := strings.Cut(one, "=")
		if err := writeReport(file, r, format, now); err != nil {
			return err
		}
	}
	return DecisionError(r.Decision())
}

// writeReport writes into the file that is there, where there is one: that of a job summary must stay the same file. What a
// collector reads while it is written is read again.
func writeReport(file string, r Report, format string, now time.Time) error {
	var out bytes.Buffer
	if err := r.Print(&out, format, printers.Options{Now: now}); err != nil {
		return err
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("cannot write report: %w", err)
	}
	return nil
}
