package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Plan is what would be reconciled, and what is in the way.
type Plan struct {
	Waves    [][]PlanNode  `json:"waves"`
	Problems []PlanProblem `json:"problems"`
}

// PlanNode is one object of the plan.
type PlanNode struct {
	Object facts.Ref   `json:"object"`
	After  []facts.Ref `json:"after,omitempty"`
}

// PlanProblem is one thing that is in the way.
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

// WritePlan prints the order in which objects are asked, each with what it waits for.
func WritePlan(o style.Options, w io.Writer, p Plan) error {
	const column = 5 // where objects begin
	t := &Document{Options: o}
	for i, wave := range p.Waves {
		for j, node := range wave {
			before := strings.Repeat(" ", column)
			if j == 0 {
				before = style.Pad("  "+fmt.Sprint(i+1), column)
			}
			line := style.ObjectName(node.Object)
			if len(node.After) > 0 {
				line += "   after " + style.ObjectNames(style.SortedRefs(node.After))
			}
			for _, part := range style.Wrap(o.ToASCII(line), o.TextWidth(column+2)) {
				t.Add(before + part)
				before = strings.Repeat(" ", column+2)
			}
		}
	}
	if len(p.Problems) > 0 {
		t.Add("")
		t.problems(p.Problems)
	}
	return t.Write(w)
}

// WriteProblems prints what is in the way, all at once.
func WriteProblems(o style.Options, w io.Writer, p Plan) error {
	t := &Document{Options: o}
	t.problems(p.Problems)
	return t.Write(w)
}

func (d *Document) problems(all []PlanProblem) {
	d.Add(d.Options.Paint("1;31", "Nothing was asked, because of what is in the way:"))
	for _, one := range all {
		d.AddIndented(style.ObjectName(one.Object)+": "+escape.Line(one.Message), 2)
		d.AddIndented(one.Hint, 4)
	}
}
