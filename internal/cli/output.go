package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// outputs are the form in which a report is printed, and the files into which it is written as well.
type outputs struct {
	output  string
	reports []string
	color   string
}

// report is what a gate came to.
type report interface {
	Print(w io.Writer, format string, o printers.Options) error
	Decision() verify.Decision
}

func (o *outputs) addFlags(cmd *cobra.Command, formats []string) {
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "table", "output format: "+strings.Join(formats, ", "))
	f.StringArrayVar(&o.reports, "report", nil, "also write the report to a file, as `FORMAT=FILE`; may be repeated")
	f.StringVar(&o.color, "color", "auto", "colour: auto, always or never")
	completeWords(cmd, "output", formats...)
	completeColor(cmd)
}

func (o *outputs) check(formats []string) error {
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
	return checkColor(o.color)
}

// answer prints a report, and returns its exit code.
func (o *outputs) answer(w World, r report, now time.Time) error {
	options := terminal(w, o.color)
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
	if code := decisionCode(r.Decision()); code != exitOK {
		return &verdictError{code}
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

// decisionCode is the one place where a gate becomes a number.
func decisionCode(d verify.Decision) int {
	switch d {
	case verify.Passed:
		return exitOK
	case verify.Failed:
		return exitFailed
	case verify.Pending:
		return exitUnsettled
	case verify.Undecided:
		return exitUndecided
	}
	return exitUndecided
}
