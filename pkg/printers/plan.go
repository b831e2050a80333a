package printers

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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

// PlanJSON writes the plan as one document.
func PlanJSON(w io.Writer, p Plan) error {
	return lineJSON(w, struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Plan
	}{APIVersion, "ReconcilePlan", p})
}

// Plan prints the order in which objects are asked, each with what it waits for.
func (o Options) Plan(w io.Writer, p Plan) error {
	t := &document{options: o}
	for i, wave := range p.Waves {
		for j, node := range wave {
			label := "   "
			if j == 0 {
				label = pad(fmt.Sprint(i+1), 3)
			}
			line := label + objectName(node.Object)
			if len(node.After) > 0 {
				line += "   after " + names(sorted(node.After))
			}
			for k, part := range wrap(o.ascii(line), o.room(0)) {
				t.add(strings.Repeat(" ", 2+min(k, 1)*5) + part)
			}
		}
	}
	if len(p.Problems) > 0 {
		t.add("")
		t.problems(p.Problems)
	}
	return t.write(w)
}

// Problems prints what is in the way, all at once.
func (o Options) Problems(w io.Writer, all []PlanProblem) error {
	t := &document{options: o}
	t.problems(all)
	return t.write(w)
}

func (d *document) problems(all []PlanProblem) {
	d.add(d.options.paint("1;31", "Nothing was asked, because of what is in the way:"))
	for _, one := range all {
		d.indented(objectName(one.Object)+": "+escape(one.Message), 2)
		d.indented(one.Hint, 4)
	}
}
