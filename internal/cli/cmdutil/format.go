package cmdutil

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	cliprinters "k8s.io/cli-runtime/pkg/printers"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/columns"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
)

// Report is an answer that can be printed as data.
type Report interface {
	Print(w io.Writer, format string, o printers.Options) error
	Document() any // what -o json prints
}

// Output is -o: a format of the command's own, or one of kubectl's.
type Output struct {
	Format    string
	NoObjects bool // the answer is about no objects, so that -o name has nothing to print

	formats   []string // of the command, the default first
	templates *genericclioptions.KubeTemplatePrintFlags
	given     func() bool                 // -o is on the command line
	printer   cliprinters.ResourcePrinter // nil: a format of the command
}

// AddFlags adds -o, --template and --allow-missing-template-keys. The first of the formats is the default.
func (o *Output) AddFlags(cmd *cobra.Command, formats ...string) {
	o.formats, o.templates = formats, genericclioptions.NewKubeTemplatePrintFlags()
	o.given = func() bool { return cmd.Flags().Changed("output") }
	cmd.Flags().StringVarP(&o.Format, "output", "o", formats[0], "output format: "+strings.Join(o.allFormats(), ", "))
	o.templates.AddFlags(cmd)
	MarkShared(cmd.Flags(), "allow-missing-template-keys", "template")
	completes(cmd, "output", o.complete)
}

// allFormats are the formats of the command, and those of kubectl.
func (o *Output) allFormats() []string {
	all := slices.Clone(o.formats)
	if !o.NoObjects {
		all = append(all, genericclioptions.NewNamePrintFlags("").AllowedFormats()...)
	}
	return slices.Concat(all, o.templates.AllowedFormats(), columns.Formats())
}

// complete completes a format; a template follows the equals sign.
func (o *Output) complete(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	words := o.allFormats()
	for i, format := range words {
		if !slices.Contains(o.formats, format) && format != "name" {
			words[i] += "="
		}
	}
	words = beginning(words, toComplete)
	if slices.ContainsFunc(words, func(word string) bool { return !strings.HasSuffix(word, "=") }) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// Check refuses unknown formats, and templates that cannot be parsed.
func (o *Output) Check() error {
	if *o.templates.TemplateArgument != "" && !o.given() {
		o.Format = "go-template" // as cli-runtime v0.36.2 pkg/genericclioptions/print_flags.go, ToPrinter
	}
	if o.Format == "" {
		o.Format = o.formats[0]
	}
	if slices.Contains(o.formats, o.Format) {
		return nil
	}
	printer, err := o.toPrinter()
	if genericclioptions.IsNoCompatiblePrinterError(err) {
		return fmt.Errorf("unknown output format %q; use one of %s", o.Format, strings.Join(o.allFormats(), ", "))
	}
	o.printer = printer
	return err
}

// toPrinter returns the printer of a format of kubectl.
func (o *Output) toPrinter() (cliprinters.ResourcePrinter, error) {
	if !o.NoObjects {
		if p, err := genericclioptions.NewNamePrintFlags("").ToPrinter(o.Format); err == nil {
			return p, nil
		}
	}
	if p, err := columns.New(o.Format, *o.templates.TemplateArgument); !genericclioptions.IsNoCompatiblePrinterError(err) {
		return p, err
	}
	return o.templates.ToPrinter(o.Format)
}

// Print writes a report; objects are those that -o name prints. Of a template that fails nothing is written.
func (o *Output) Print(w io.Writer, r Report, objects []facts.Ref, options printers.Options) error {
	if o.printer == nil {
		return r.Print(w, o.Format, options)
	}
	object, err := o.object(r, objects)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := o.printer.PrintObj(object, &out); err != nil {
		return err
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (o *Output) object(r Report, objects []facts.Ref) (runtime.Object, error) {
	if _, ok := o.printer.(*cliprinters.NamePrinter); ok {
		return namedObjects(objects), nil
	}
	return data.Object(r.Document())
}
