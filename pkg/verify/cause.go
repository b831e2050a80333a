package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Result is the result of one component.
type Result struct {
	Trace *trace.Trace // never nil
	Judgement
	Cells  []Cell  // its row of the matrix
	Shared Remarks // of the rungs above the environments
	// Deliverers are the objects that apply its objects.
	Deliverers []Deliverer
	// WantedSeen is when the source of the component got the wanted revision; zero if that is unknown.
	WantedSeen time.Time
	Probes     []Probe // of its endpoints, if they were probed
}

// WithoutRungs is the result without the rungs of its trace, which take nearly all of its memory.
func (r Result) WithoutRungs() Result {
	slim := *r.Trace
	slim.Rungs, slim.Environments = nil, nil
	r.Trace = &slim
	return r
}

// Cause is a reason that one or more components do not pass.
type Cause struct {
	Reason
	// Subjects are the affected components, sorted, with the affected environments. A reason above the environments has none.
	Subjects []Affected `json:"subjects"`
}

// Affected is a component that a cause affects.
type Affected struct {
	facts.Subject
}

// Name is "component", or "namespace/component" with qualified, and the environments behind it.
func (a Affected) Name(qualified bool) string {
	name := a.Component
	if qualified {
		name = a.Namespace + "/" + name
	}
	if len(a.Environments) > 0 {
		name += fmt.Sprintf(" (%s)", strings.Join(a.Environments, ", "))
	}
	return name
}

// Names are those of all subjects, with their namespaces where there are several.
func (c Cause) Names() []string {
	qualified := slices.ContainsFunc(c.Subjects, func(h Affected) bool { return h.Namespace != c.Subjects[0].Namespace })
	names := make([]string, 0, len(c.Subjects))
	for _, h := range c.Subjects {
		names = append(names, h.Name(qualified))
	}
	return names
}

// Causes groups the reasons of all results by cause: the worst first, of these the one that affects most components. Forty
// components of one failed Kustomization are one Cause with forty subjects.
func Causes(results []Result) []Cause {
	g := &grouping{byKey: map[causeKey]*group{}}
	for _, r := range results {
		for _, reason := range r.Reasons {
			if reason.Decision == r.Decision { // what a failed component also waits for did not cause its failure
				g.add(reason, r.Trace.Subject)
			}
		}
	}
	g.mergeSymptoms()
	causes := make([]Cause, 0, len(g.order))
	for _, one := range g.order {
		if one.symptomOf == nil {
			slices.SortFunc(one.Subjects, compareAffected)
			causes = append(causes, one.Cause)
		}
	}
	slices.SortStableFunc(causes, func(a, b Cause) int {
		return cmp.Or(b.Decision.weight()-a.Decision.weight(), len(b.Subjects)-len(a.Subjects))
	})
	return causes
}

func compareAffected(a, b Affected) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Component, b.Component))
}

// causeKey is equal for two reasons with one cause. A reason without an object, such as a release that is not healthy yet, is of one
// component only.
type causeKey struct {
	decision Decision
	code     trace.Code
	object   facts.Ref
	subject  string
}

func causeKeyOf(r Reason, s facts.Subject) causeKey {
	k := causeKey{decision: r.Decision, code: r.Code, object: r.Object}
	if r.Object.IsZero() {
		k.subject = s.Namespace + "/" + s.Component
	}
	return k
}

// group is a cause with the reasons found so far.
type group struct {
	Cause
	symptomOf *group // the cause of this one, if known
}

type grouping struct {
	byKey map[causeKey]*group
	order []*group
}

func (g *grouping) add(r Reason, s facts.Subject) {
	key := causeKeyOf(r, s)
	one := g.byKey[key]
	if one == nil {
		one = &group{Cause: Cause{Reason: r}}
		g.byKey[key] = one
		g.order = append(g.order, one)
	}
	s.Environments = nil
	if r.Environment != "" {
		s.Environments = []string{r.Environment}
	}
	one.add(s)
}

// add adds a subject, or an environment of one that is there.
func (g *group) add(s facts.Subject) {
	at := slices.IndexFunc(g.Subjects, func(h Affected) bool { return h.Namespace == s.Namespace && h.Component == s.Component })
	if at < 0 {
		g.Subjects = append(g.Subjects, Affected{s})
		return
	}
	for _, e := range s.Environments {
		if !slices.Contains(g.Subjects[at].Environments, e) {
			g.Subjects[at].Environments = append(g.Subjects[at].Environments, e)
		}
	}
}

// mergeSymptoms merges a symptom into its cause. A failed health check of a Kustomization affects each component that it delivers,
// but only the trace of one component shows the pod that fails it. If exactly one such cause is known, it is the cause of all.
func (g *grouping) mergeSymptoms() {
	for _, one := range g.order {
		var deeper []*group
		for _, other := range g.order {
			if other != one && other.Decision == one.Decision && other.Object != one.Object && slices.Contains(other.Path, one.Object) {
				deeper = append(deeper, other)
			}
		}
		if len(deeper) == 1 && !one.Object.IsZero() {
			one.symptomOf = deeper[0]
		}
	}
	ends := make([]*group, len(g.order))
	for i, one := range g.order {
		ends[i] = one.rootCause(len(g.order))
	}
	for i, one := range g.order {
		if one.symptomOf = ends[i]; one.symptomOf == one {
			one.symptomOf = nil
			continue
		}
		for _, h := range one.Subjects {
			one.symptomOf.add(h.Subject)
		}
	}
}

// rootCause follows the symptoms to their cause. A group in a circle of symptoms has none.
func (g *group) rootCause(most int) *group {
	at := g
	for range most {
		if at.symptomOf == nil {
			return at
		}
		at = at.symptomOf
	}
	return g // a circle
}
