package trace

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Assess judges the Snapshot as of now, by the clock that TakenAt is of. It asks nobody anything and never fails: what is not known is Unknown.
func Assess(s *facts.Snapshot, now time.Time) *Trace {
	now = now.Add(ClusterTime(s).Sub(s.TakenAt))
	v := newView(believed(s), now)
	shared := judgeShared(v)
	v.invalidReferences(shared)
	v.traceReferences(shared)
	settle(shared, newCarry())
	t := &Trace{
		Subject: s.Subject, Wanted: v.wanted(), TakenAt: s.TakenAt.UTC(),
		Rungs: rungs(shared), Environments: []Environment{},
	}
	t.Subject.Project = v.project
	for _, name := range v.asked() {
		t.Environments = append(t.Environments, v.assessEnvironment(name, shared))
	}
	conclude(t, shared)
	return t
}

// judgeShared runs the rungs that are there once. The order is the ladder.
func judgeShared(v *view) []*judgement {
	return []*judgement{
		assessGit(v), assessSource(v), assessKustomization(v), assessProject(v), assessComponent(v), assessWorkload(v),
	}
}

// judgePlace runs the rungs that are there once per environment. The order is the ladder.
func judgePlace(p *place) []*judgement {
	return []*judgement{
		assessRelease(p), assessEnvironment(p), assessCell(p), assessBinding(p),
		assessRendered(p), assessResource(p), assessPods(p), assessEndpoint(p),
	}
}

// asked are the environments to judge: those the user named, else all that are known.
func (v *view) asked() []string {
	if len(v.Subject.Environments) == 0 {
		return v.environments
	}
	return slices.DeleteFunc(slices.Clone(v.environments), func(name string) bool {
		return !slices.Contains(v.Subject.Environments, name)
	})
}

func (v *view) assessEnvironment(name string, shared []*judgement) Environment {
	p := v.place(name)
	e := Environment{Name: name, Release: p.releaseName(), PromotedFrom: p.promotedFrom(), UnreadSources: p.unreadSources(), Endpoints: []Address{}}
	binding := assessBinding(p)
	if binding.State == Suspended && p.binding.Outcome != facts.Found {
		e.Verdict, e.Rungs = Still, []Rung{binding.Rung} // not bound, on purpose
		return e
	}
	e.Endpoints = p.addresses()
	if images := p.runningImages(); len(images) > 0 {
		e.Image = images[0]
	}
	judged := judgePlace(p)
	if binding.State == Suspended {
		p.stillness(judged)
	}
	v.traceReferences(judged)
	above := carriedFrom(shared)
	above.progressing = above.progressing || p.underWay()
	settle(judged, above)
	e.Rungs = rungs(judged)
	e.Failing = failing(judged, name)
	e.Verdict, e.Current = verdict(judged), currency(judged)
	if e.Verdict == Healthy && binding.State == Suspended {
		e.Verdict = Still
	}
	return e
}

// stillness: what an undeployed binding took away is not missing. It is not still before all of it has gone.
func (p *place) stillness(judged []*judgement) {
	below := []RungID{RungRendered, RungResource, RungPod, RungEndpoint}
	for _, j := range judged {
		ends := j.ID == RungRendered && deleting(p.rendered.Body)
		if slices.Contains(below, j.ID) && j.State != OK && !ends {
			j.State, j.Findings, j.Summary = Suspended, []Finding{}, "undeployed"
		}
	}
}

func rungs(judged []*judgement) []Rung {
	all := make([]Rung, 0, len(judged))
	for _, j := range judged {
		if j.Findings == nil {
			j.Findings = []Finding{}
		}
		all = append(all, j.Rung)
	}
	return all
}
