// Package steps prints the plan of a reconcile, and the steps of what is under way.
package steps

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Plan is what would be reconciled, and what blocks it.
type Plan struct {
	Waves    [][]PlanNode  `json:"waves"`
	Problems []PlanProblem `json:"problems"`
}

// PlanNode is one object of the plan.
type PlanNode struct {
	Object facts.Ref   `json:"object"`
	After  []facts.Ref `json:"after,omitempty"`
	// Revision is what the object has fetched or applied, and Target what its source has. A source has no target: it fetches the
	// newest revision.
	Revision string `json:"revision,omitempty"`
	Target   string `json:"target,omitempty"`
	Fetches  bool   `json:"fetches,omitempty"`
	// Current is set for an object that has applied its target and is ready. It is not triggered without --full.
	Current bool `json:"current,omitempty"`
}

// revisions is the current revision and the target, "" where neither is known.
func (n PlanNode) revisions() string {
	has, target := cmp.Or(style.Revision(n.Revision, true), "none"), style.Revision(n.Target, true)
	switch {
	case n.Fetches:
		return has + " → latest"
	case n.Current:
		return has + ", current"
	case target != "":
		return has + " → " + target
	case n.Revision != "":
		return has
	}
	return ""
}

// conclusion is what the plan comes to; "" where the objects say it.
func (p Plan) conclusion() string {
	fetched := false
	for _, n := range slices.Concat(p.Waves...) {
		if !n.Fetches && !n.Current {
			return ""
		}
		fetched = fetched || n.Fetches
	}
	switch {
	case len(p.Waves) == 0:
		return "Nothing to reconcile: no Flux or Argo CD object delivers it."
	case fetched:
		return "Nothing to do at the fetched revision: all objects are current. reconcile would fetch the sources, and apply what is new."
	}
	return "Nothing to do: all objects are current."
}

// PlanProblem is one blocker.
type PlanProblem struct {
	Object  facts.Ref `json:"object"`
	Problem string    `json:"problem"` // one word
	Message string    `json:"message"`
	Hint    string    `json:"hint,omitempty"`
}

// Document is the plan as data. Its lists are there where they are empty.
func (p Plan) Document() any {
	if p.Waves == nil {
		p.Waves = [][]PlanNode{}
	}
	if p.Problems == nil {
		p.Problems = []PlanProblem{}
	}
	return struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Plan
	}{data.APIVersion, "ReconcilePlan", p}
}

// WritePlan prints the order in which objects are triggered, each with its revision, its target, and what it waits for.
func WritePlan(o style.Options, w io.Writer, p Plan) error {
	const column = 5 // where objects begin
	t := &document.Document{Options: o}
	for i, wave := range p.Waves {
		for j, node := range wave {
			before := strings.Repeat(" ", column)
			if j == 0 {
				before = style.Pad("  "+fmt.Sprint(i+1), column)
			}
			line := style.ObjectName(node.Object)
			if revisions := node.revisions(); revisions != "" {
				line += "   " + revisions
			}
			if len(node.After) > 0 {
				line += "   after " + style.ObjectNames(style.SortedRefs(node.After))
			}
			for _, part := range style.Wrap(o.ToASCII(line), o.TextWidth(column+2)) {
				t.Add(before + part)
				before = strings.Repeat(" ", column+2)
			}
		}
	}
	if end := p.conclusion(); end != "" && len(p.Problems) == 0 {
		t.AddIndented(end, 0)
	}
	if len(p.Problems) > 0 {
		t.Add("")
		problems(t, p.Problems)
	}
	return t.Write(w)
}

// WriteProblems prints the blockers, all at once.
func WriteProblems(o style.Options, w io.Writer, p Plan) error {
	t := &document.Document{Options: o}
	problems(t, p.Problems)
	return t.Write(w)
}

func problems(d *document.Document, all []PlanProblem) {
	d.Add(d.Options.Paint("1;31", "Nothing was triggered. Blockers:"))
	for _, one := range all {
		d.AddIndented(style.ObjectName(one.Object)+": "+escape.Line(one.Message), 2)
		d.AddIndented(one.Hint, 4)
	}
}
