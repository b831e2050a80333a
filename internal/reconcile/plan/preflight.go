package plan

import (
	"fmt"
	"slices"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Obstacle is the kind of a Problem.
type Obstacle uint8

const (
	// ObstacleUnknown is the zero value.
	ObstacleUnknown Obstacle = iota
	// Suspended means that the object is suspended: its controller would acknowledge a request without running
	// (kustomize-controller v1.9.3 kustomization_controller.go:144).
	Suspended
	// Terminating means that it is being deleted.
	Terminating
	// Missing means that it does not exist, or its kind is not installed.
	Missing
	// Unreadable means that its existence is unknown: forbidden, unreachable, or not requested.
	Unreadable
	// Failing means that a dependency fails and is not going to be reconciled.
	Failing
	// NoRight means that the user has no permission to patch it, or that the access review failed.
	NoRight
)

// String returns the obstacle as one word.
func (o Obstacle) String() string {
	switch o {
	case Suspended:
		return "Suspended"
	case Terminating:
		return "Terminating"
	case Missing:
		return "Missing"
	case Unreadable:
		return "Unreadable"
	case Failing:
		return "Failing"
	case NoRight:
		return "NoRight"
	case ObstacleUnknown:
	}
	return "Unknown"
}

// Problem is one blocker.
type Problem struct {
	Ref      facts.Ref
	Obstacle Obstacle
	Message  string // the fact, with the cluster's own message if there is one
	Hint     string // the fix; may be empty
}

// Preflight checks, before the first write, whether the objects of g can be reconciled. It returns all blockers in the order of
// g, and an empty list if there are none. access holds the results of kube.Source.MayPatch for Written(g, s); an object without
// a result counts as not permitted.
func Preflight(g *Graph, s *facts.Snapshot, access []kube.Access) []Problem {
	var problems []Problem
	for _, ref := range g.Nodes() {
		o := s.Object(ref)
		if p, bad := obstacleOf(g, o); bad {
			problems = append(problems, p)
			continue
		}
		problems = append(problems, outside(g, s, o)...)
		if p, bad := rightProblem(o, access); bad {
			problems = append(problems, p)
		}
	}
	return problems
}

// Written returns the objects of g whose controllers will be triggered; the others are only read.
func Written(g *Graph, s *facts.Snapshot) []facts.Ref {
	return slices.DeleteFunc(g.Nodes(), func(ref facts.Ref) bool { return engines.All().IsStatic(s.Object(ref)) })
}

// obstacleOf returns the blocker of the object itself.
func obstacleOf(g *Graph, o facts.Object) (Problem, bool) {
	p := Problem{Ref: o.Ref}
	switch o.Outcome {
	case facts.Absent, facts.NoKind:
		p.Obstacle, p.Message, p.Hint = Missing, fmt.Sprintf("%s does not exist", o.Ref), neededBy(g, o.Ref)
		if o.Outcome == facts.NoKind {
			p.Message = fmt.Sprintf("the cluster does not serve the kind of %s: %s", o.Ref, o.Reason)
		}
		return p, true
	case facts.Forbidden, facts.Unreachable, facts.NotAsked, facts.Invalid:
		p.Obstacle, p.Message, p.Hint = Unreadable, fmt.Sprintf("%s cannot be read: %s", o.Ref, reasonOf(o)), neededBy(g, o.Ref)
		return p, true
	case facts.Found:
	}
	switch {
	case engines.All().IsStatic(o):
		return p, false
	case o.Body.GetDeletionTimestamp() != nil:
		p.Obstacle, p.Message = Terminating, fmt.Sprintf("%s is being deleted", o.Ref)
		p.Hint = neededBy(g, o.Ref)
	case engines.All().IsPaused(o):
		p.Obstacle, p.Message = Suspended, fmt.Sprintf("%s has %s", o.Ref, engines.All().PausedBy(o))
		p.Hint = "its controller would acknowledge the request and do nothing; resume it first"
	default:
		return p, false
	}
	return p, true
}

func reasonOf(o facts.Object) string {
	if o.Outcome == facts.NotAsked {
		return "it was not read"
	}
	return o.Reason
}

// neededBy names the objects that name ref as a dependency.
func neededBy(g *Graph, ref facts.Ref) string {
	for _, other := range g.Nodes() {
		for _, n := range g.Needs(other) {
			if n.Ref == ref {
				return fmt.Sprintf("%s needs it (%s)", other, n.Why)
			}
		}
	}
	return ""
}

// outside checks the dependencies of o outside the Graph, which are not going to be reconciled: a failure there blocks o. A
// Graph from New has none outside.
func outside(g *Graph, s *facts.Snapshot, o facts.Object) []Problem {
	var problems []Problem
	for _, n := range namedBy(o) {
		other := s.Object(n.Ref)
		if g.Has(n.Ref) || n.Why == Parent {
			continue
		}
		ready := kinds.ConditionOf(other.Body, meta.ReadyCondition)
		switch {
		case other.Outcome == facts.Absent || other.Outcome == facts.NoKind:
			problems = append(problems, Problem{
				Ref: n.Ref, Obstacle: Missing,
				Message: fmt.Sprintf("%s does not exist", n.Ref), Hint: fmt.Sprintf("%s needs it (%s)", o.Ref, n.Why),
			})
		case ready.False() && n.Why == Dependency:
			problems = append(problems, Problem{
				Ref: n.Ref, Obstacle: Failing, Message: fmt.Sprintf("%s fails: %s", n.Ref, kinds.InRepository(ready.Message)),
				Hint: fmt.Sprintf("%s waits for it, and it is not going to be reconciled", o.Ref),
			})
		}
	}
	return problems
}

func rightProblem(o facts.Object, access []kube.Access) (Problem, bool) {
	if engines.All().IsStatic(o) {
		return Problem{}, false
	}
	p := Problem{Ref: o.Ref, Obstacle: NoRight, Message: fmt.Sprintf("whether you may patch %s is not known", o.Ref)}
	at := slices.IndexFunc(access, func(a kube.Access) bool { return a.Ref == o.Ref })
	if at < 0 {
		return p, true
	}
	if reason := access[at].Reason; reason != "" {
		p.Message += ": " + reason
	}
	switch access[at].Right {
	case kube.Allowed:
		return Problem{}, false
	case kube.Denied:
		p.Message = fmt.Sprintf("you may not patch %s", o.Ref)
		p.Hint = "a role needs the verb patch on it; the roles that Flux brings with it give that to edit and admin"
	case kube.RightUnknown:
	}
	return p, true
}
