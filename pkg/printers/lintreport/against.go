package lintreport

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

// againstText reports how many changed objects an API server has checked, and why not the others.
func againstText(a manifest.Against) string {
	text := "Against " + escape.Line(a.Context) + ": "
	if a.Changed == 0 {
		return text + "no changed objects"
	}
	var parts []string
	for _, one := range []struct {
		n    int
		word string
	}{{a.Accepted, "accepted"}, {a.Refused, "refused"}} {
		if one.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.n, one.word))
		}
	}
	total, reasons := 0, []string{}
	for _, reason := range manifest.ReasonsNotChecked() {
		if n := a.NotChecked[reason]; n > 0 {
			total += n
			reasons = append(reasons, fmt.Sprintf("%d %s", n, reasonWords(reason, n)))
		}
	}
	if total > 0 {
		parts = append(parts, fmt.Sprintf("%d not checked (%s)", total, strings.Join(reasons, ", ")))
	}
	return text + plural(a.Changed, "changed object") + ": " + strings.Join(parts, ", ")
}

func reasonWords(reason manifest.NotChecked, n int) string {
	switch reason {
	case manifest.OtherCluster:
		return "for other clusters"
	case manifest.IsSecret:
		if n == 1 {
			return "Secret"
		}
		return "Secrets"
	case manifest.IsEncrypted:
		return "encrypted"
	case manifest.LeftAlone:
		return "left alone by the applier"
	case manifest.UnknownVariable:
		return "with unknown variables"
	case manifest.UnknownKind:
		return "of unknown kinds"
	case manifest.InvalidReference:
		return "with an invalid name or namespace"
	case manifest.DefinitionChanges:
		return "with a changed definition"
	case manifest.Recreated:
		return "recreated by the applier"
	case manifest.Forbidden:
		return "forbidden"
	case manifest.KindNotInstalled:
		return "of kinds that are not installed"
	case manifest.NamespaceNotFound:
		return "in missing namespaces"
	case manifest.NoAnswer:
	}
	return "without an answer"
}

// lintAgainst is the data form.
type lintAgainst struct {
	Context    string                      `json:"context"`
	Changed    int                         `json:"changed"`
	Accepted   int                         `json:"accepted"`
	Refused    int                         `json:"refused"`
	NotChecked map[manifest.NotChecked]int `json:"notChecked,omitempty"`
}

func againstData(a *manifest.Against) *lintAgainst {
	if a == nil {
		return nil
	}
	return &lintAgainst{a.Context, a.Changed, a.Accepted, a.Refused, a.NotChecked}
}

func againstMetrics(m *metrics.Text, a *manifest.Against) {
	if a == nil {
		return
	}
	m.Family("choreo_lint_against_objects", "Number of changed objects by the answer of the API server.")
	total := 0
	for _, n := range a.NotChecked {
		total += n
	}
	m.Sample("choreo_lint_against_objects", float64(a.Accepted), metrics.Label{Name: "result", Value: "accepted"})
	m.Sample("choreo_lint_against_objects", float64(a.Refused), metrics.Label{Name: "result", Value: "refused"})
	m.Sample("choreo_lint_against_objects", float64(total), metrics.Label{Name: "result", Value: "notChecked"})
}
