package assess

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/changes"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/release"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assess judges the Snapshot as of now, by the clock that TakenAt is of. It sends no request and never fails: what is not known is Unknown.
func Assess(s *facts.Snapshot, now time.Time) *trace.Trace {
	now = now.Add(view.ClusterTime(s).Sub(s.TakenAt))
	v := delivery.Resolve(view.New(view.DropForeignPlanes(s.InControlTime()), now, engines.All()))
	shared := assessShared(v)
	invalidReferences(v, shared)
	traceReferences(v, shared)
	propagate(shared, nothingInherited())
	addNextSteps(v, nil, shared)
	dropTimesBeforeCreation(v, nil, shared)
	t := &trace.Trace{
		Subject: s.Subject, Wanted: delivery.Wanted(v), TakenAt: s.TakenAt.UTC(),
		Rungs: rungs(shared), Environments: []trace.Environment{},
	}
	t.Subject.Project = v.ProjectName
	for _, name := range selectedEnvironments(v) {
		t.Environments = append(t.Environments, assessEnvironment(v, name, shared))
	}
	conclude(t, shared)
	changes.Add(v, t)
	explainByClone(v, t)
	markStart(t)
	return t
}

// selectedEnvironments are the environments to judge: those the user named, else all that are known.
func selectedEnvironments(v *view.Component) []string {
	if len(v.Subject.Environments) == 0 {
		return v.EnvironmentNames
	}
	return slices.DeleteFunc(slices.Clone(v.EnvironmentNames), func(name string) bool {
		return !slices.Contains(v.Subject.Environments, name)
	})
}

func assessEnvironment(v *view.Component, name string, shared []*result.Result) trace.Environment {
	p := v.EnvironmentOf(name)
	e := trace.Environment{Name: name, Release: p.ReleaseName(), PromotedFrom: release.PromotedFrom(p), UnreadSources: release.UnreadSources(p), Endpoints: []trace.Address{}}
	bound := binding.AssessBinding(p)
	addNextSteps(v, p, []*result.Result{bound})
	if bound.State == trace.Suspended && p.Binding.Outcome != facts.Found {
		e.Verdict, e.Rungs = trace.VerdictSuspended, []trace.Rung{bound.Rung} // not bound, on purpose
		return e
	}
	e.Endpoints = dataplane.Addresses(p)
	if images := pods.RunningImages(p); len(images) > 0 {
		e.Image = images[0]
	}
	judged := assessPerEnvironment(p)
	releaseKept(p, judged)
	if bound.State == trace.Suspended {
		markUndeployed(p, judged)
	}
	traceReferences(v, judged)
	above := inheritedFrom(shared)
	above.progressing = above.progressing || binding.IsReleasing(p)
	propagate(judged, above)
	explainOrigins(p, judged)
	addNextSteps(v, p, judged)
	dropTimesBeforeCreation(v, p, judged)
	e.Rungs = rungs(judged)
	e.Failing = failing(judged, name)
	e.Verdict, e.Current = verdict(judged), currency(judged)
	if e.Verdict == trace.VerdictHealthy && bound.State == trace.Suspended {
		e.Verdict = trace.VerdictSuspended
	}
	return e
}

// markUndeployed: what an undeployed binding took away is not missing. It is not still before all of it has gone.
func markUndeployed(p *view.Environment, judged []*result.Result) {
	below := trace.Rungs()[slices.Index(trace.Rungs(), trace.RungBinding)+1:]
	for _, j := range judged {
		ends := j.ID == trace.RungRendered && view.Deleting(p.Rendered.Body)
		if slices.Contains(below, j.ID) && j.State != trace.OK && !ends {
			j.State, j.Findings, j.Summary = trace.Suspended, []trace.Finding{}, "undeployed"
		}
	}
}

// explainOrigins names the templates of rendered objects with an error.
func explainOrigins(p *view.Environment, judged []*result.Result) {
	for _, j := range judged {
		for i := range j.Findings {
			origin.Explain(p, &j.Findings[i])
		}
	}
}

func rungs(judged []*result.Result) []trace.Rung {
	all := make([]trace.Rung, 0, len(judged))
	for _, j := range judged {
		if j.Findings == nil {
			j.Findings = []trace.Finding{}
		}
		all = append(all, j.Rung)
	}
	return all
}
