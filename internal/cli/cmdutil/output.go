package cmdutil

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Outputs are the form in which a report is printed, and the files into which it is written as well.
type Outputs struct {
	output  string
	reports []string
	Color   string
}

// report is what a gate came to.
type report interface {
	Print(w io.Writer, format string, o printers.Options) error
	Decision() verify.Decision
}

// AddFlags adds -o, --report and --color.
func (o *Outputs) AddFlags(cmd *cobra.Command, formats []string) {
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "table", "output format: "+strings.Join(formats, ", "))
	f.StringArrayVar(&o.reports, "report", nil, "also write the report to a file, as `FORMAT=FILE`; may be repeated")
	f.StringVar(&o.Color, "color", "auto", "colour: auto, always or never")
	CompleteWords(cmd, "output", formats...)
	CompleteColor(cmd)
}

// Check refuses formats that are not among these, and reports without a file.
func (o *Outputs) Check(formats []string) error {
	asked := []string{o.output}
	for _, r := range o.reports {
		format, file, _ := strings.Cut(r, "=")
		if file == "" {
			return fmt.Errorf("read --report %q: it names no file; write FORMAT=FILE, as in --report junit=report.xml", r)
		}
		asked = append(asked, format)
	}
	for _, format := range asked {
		if !slices.Contains(formats, format) {
			return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(formats, ", "))
		}
	}
	return tui.CheckColor(o.Color)
}

// Answer prints a report, and returns its exit code.
func (o *Outputs) Answer(w iostreams.IOStreams, r report, now time.Time) error {
	options := tui.Terminal(w, o.Color)
	options.Now = now
	if err := r.Print(w.Out, o.output, options); err != nil {
		return err
	}
	for _, one := range o.reports {
		format, file, _ := strings.Cut(one, "=")
		if err := writeReport(file, r, format, now); err != nil {
			return err
		}
	}
	if code := decisionCode(r.Decision()); code != ExitOK {
		return &VerdictError{code}
	}
	return nil
}

// writeReport writes into the file that is there, where there is one: that of a job summary must stay the same file. What a
// collector reads while it is written is read again.
func writeReport(file string, r report, format string, now time.Time) error {
	var out bytes.Buffer
	if err := r.Print(&out, format, printers.Options{Now: now}); err != nil {
		return err
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
