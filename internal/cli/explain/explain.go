// Package explain is the command that prints the page of a finding code.
package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/manual"
)

// NewCommand returns the command `explain`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Explain a finding: meaning, causes and fix",
		Long: `Explain a finding by its code: meaning, causes and fix. trace prints the code beside the failing rung. Without a code, list all
codes by rung. No cluster is needed.`,
		Example: `  kubectl choreo explain StaleNotFound
  kubectl choreo explain`,
		Args: cobra.MaximumNArgs(1), ValidArgsFunction: findingCodes,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listFindings(w)
			}
			return explainFinding(w, args[0])
		},
	}
}

// explainFinding shows a page. Also in a pipe, prose is for reading, and lines end where a terminal would end them.
func explainFinding(w iostreams.IOStreams, name string) error {
	for old, renamed := range findings.Renamed() {
		if strings.EqualFold(old, name) {
			name = renamed
		}
	}
	for _, code := range findings.Codes() {
		if !strings.EqualFold(code, name) {
			continue
		}
		page, _ := findings.Page(code)
		options := tui.Terminal(w, "auto")
		if options.Width == 0 {
			options.Width = 80
		}
		return manual.WritePage(w.Out, page, options)
	}
	message := fmt.Sprintf("unknown finding code %q", name)
	if near := suggest.Nearest(findings.Codes(), name); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", message, strings.Join(near, ", "))
	}
	return fmt.Errorf("%s; to list all, run kubectl choreo explain", message)
}

func listFindings(w iostreams.IOStreams) error {
	var sections []manual.Section
	for _, e := range findings.Entries() {
		if len(sections) == 0 || sections[len(sections)-1].Title != e.Rung {
			sections = append(sections, manual.Section{Title: e.Rung})
		}
		last := &sections[len(sections)-1]
		last.Items = append(last.Items, manual.Item{Name: e.Code, Text: e.Text})
	}
	return manual.WriteList(w.Out, sections, tui.Terminal(w, "auto"))
}

// findingCodes completes a code, and reports what it means.
func findingCodes(_ *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, e := range findings.Entries() {
		if len(args) == 0 && len(e.Code) >= len(toComplete) && strings.EqualFold(e.Code[:len(toComplete)], toComplete) {
			words = append(words, cobra.CompletionWithDesc(e.Code, e.Text))
		}
	}
	slices.Sort(words)
	return words, cobra.ShellCompDirectiveNoFileComp
}
