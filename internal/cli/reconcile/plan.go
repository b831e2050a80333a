package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
)

// live is a cluster that is read by watches and written by annotations.
type live struct {
	*watch.Source
	kube *kube.Source
}

func (l live) Annotate(ctx context.Context, ref facts.Ref, key, value string) (facts.Object, error) {
	return l.kube.Annotate(ctx, ref, key, value)
}

// run is a reconcile under way.
type run struct {
	*options
	cluster live
	host    string
	began   time.Time

	subjects []facts.Subject // the components to wait for
	graph    *plan.Graph
	snapshot *facts.Snapshot
	problems []plan.Problem
}

func (o *options) begin(ctx context.Context) (*run, error) {
	source, host, err := o.reader.Connect()
	if err != nil {
		return nil, err
	}
	watched := watch.New(ctx, source, watch.Options{})
	return &run{options: o, cluster: live{watched, source}, host: host, began: time.Now()}, nil
}

// plan reads the delivering objects, puts them in order, and finds the blockers, before the first write.
func (p *run) plan(ctx context.Context) error {
	targets, err := p.targets(ctx)
	if err != nil {
		return err
	}
	for unread := plan.Unread(p.snapshot, targets, p.downstream); len(unread) > 0; unread = plan.Unread(p.snapshot, targets, p.downstream) {
		for _, ref := range unread {
			p.snapshot.Put(p.cluster.Get(ctx, ref))
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("cannot read the delivering objects: %w", err)
		}
	}
	p.graph, err = plan.New(p.snapshot, targets, p.downstream)
	var cycle *plan.CycleError
	if errors.As(err, &cycle) {
		return cmdutil.WithCode(err, cmdutil.ExitFailed)
	}
	if err != nil {
		return err
	}
	p.problems = plan.Preflight(p.graph, p.snapshot, p.cluster.kube.MayPatch(ctx, plan.Written(p.graph, p.snapshot)))
	return nil
}

// targets are what delivers the scope in person.
func (p *run) targets(ctx context.Context) ([]facts.Ref, error) {
	if p.reader.Subject.Component != "" {
		return p.ofComponent(ctx)
	}
	scope := collect.Scope{Namespace: p.reader.Subject.Namespace, Project: p.reader.Subject.Project}
	if p.allNamespaces {
		scope.Namespace = ""
	}
	s, targets, err := collect.Deliverers(ctx, p.cluster, scope, time.Now())
	if err != nil {
		return nil, err
	}
	p.snapshot = s
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "Component") {
		project := kinds.Text(o.Body, "spec", "owner", "projectName")
		if scope.Project == "" || project == scope.Project {
			p.subjects = append(p.subjects, facts.Subject{
				Namespace: o.Ref.Namespace, Project: project, Component: o.Ref.Name, Environments: p.reader.Subject.Environments,
				Contexts: p.reader.Subject.Contexts, Planes: p.reader.Subject.Planes,
				API: p.reader.Subject.API,
			})
		}
	}
	if len(targets) == 0 && len(p.subjects) == 0 {
		return nil, p.nothing(s, scope)
	}
	if err := p.reader.RequirePlanes(ctx, p.cluster.kube, facts.New(p.reader.Subject, p.began)); err != nil {
		return nil, err
	}
	return targets, notfound.EnvironmentIn(ctx, p.cluster.kube, scope, p.reader.Subject.Environments)
}

func (p *run) ofComponent(ctx context.Context) ([]facts.Ref, error) {
	var from facts.Source = p.cluster
	if p.downstream {
		from = collect.Whole(p.cluster)
	}
	s, err := collect.Run(ctx, from, p.reader.Subject, time.Now())
	if err != nil {
		return nil, err
	}
	p.snapshot, p.subjects = s, []facts.Subject{p.reader.Subject}
	if err := p.reader.CheckUsable(s, p.host); err != nil {
		return nil, err
	}
	if err := p.reader.RequirePlanes(ctx, p.cluster, s); err != nil {
		return nil, err
	}
	return collect.Delivery(s), notfound.Subject(s)
}

// nothing reports why there is nothing to reconcile: a scope without components, or one that could not be read.
func (p *run) nothing(s *facts.Snapshot, scope collect.Scope) error {
	l := s.Listed(facts.Control, kinds.OpenChoreo, "Component", scope.Namespace)
	if err := cmdutil.ReadError(l.Outcome, l.Reason, p.host); err != nil {
		return err
	}
	known := slices.Concat(s.Of(facts.Control, kinds.OpenChoreo, "Component"), s.Of(facts.Control, kinds.OpenChoreo, "Project"))
	return notfound.NoComponent(scope, "", known, "-n, -p or -A")
}

// printPlan is the answer of --dry-run, and of a reconcile that must not begin.
func (p *run) printPlan() error {
	plan := p.printable()
	write, objects := steps.WritePlan, slices.Concat(p.graph.Waves()...)
	if !p.dryRun {
		write, objects = steps.WriteProblems, nil
	}
	if err := p.output.Print(p.streams.Out, answer[steps.Plan]{plan, write}, objects, p.look()); err != nil {
		return err
	}
	if code := obstacleCode(p.problems); code != cmdutil.ExitOK {
		return &cmdutil.VerdictError{Code: code}
	}
	return nil
}

func (p *run) printable() steps.Plan {
	plan := steps.Plan{Problems: []steps.PlanProblem{}}
	for _, wave := range p.graph.Waves() {
		var nodes []steps.PlanNode
		for _, ref := range wave {
			var after []facts.Ref
			for _, need := range p.graph.Needs(ref) {
				after = append(after, need.Ref)
			}
			nodes = append(nodes, p.node(ref, after))
		}
		plan.Waves = append(plan.Waves, nodes)
	}
	for _, one := range p.problems {
		plan.Problems = append(plan.Problems, steps.PlanProblem{Object: one.Ref, Problem: one.Obstacle.String(), Message: one.Message, Hint: one.Hint})
	}
	return plan
}

// node is an object of the plan, with the revision that it has and the one that its source has.
func (p *run) node(ref facts.Ref, after []facts.Ref) steps.PlanNode {
	o := p.snapshot.Object(ref)
	n := steps.PlanNode{Object: ref, After: after, Revision: engines.All().Revision(o), Fetches: engines.All().Properties(ref).Fetches}
	if source := engines.All().SourceOf(o); !n.Fetches && !source.IsZero() {
		n.Target = kinds.Text(p.snapshot.Object(source).Body, "status", "artifact", "revision")
	}
	if n.Target != "" {
		_, applied := engines.All().Has(o, []string{n.Target})
		n.Current = !p.full && applied && kinds.ConditionOf(o.Body, meta.ReadyCondition).True() && kinds.Observed(o.Body)
	}
	return n
}

// look is how the answer on the standard output may look.
func (p *run) look() printers.Options {
	o := tui.Terminal(p.streams, p.color)
	o.Now = time.Now()
	return o
}
