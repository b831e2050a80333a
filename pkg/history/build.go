package history

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Build tells the history of the Snapshot's subject. The trace is that of the same Snapshot.
func Build(s *facts.Snapshot, t *trace.Trace) *History {
	b := builder{Component: view.New(view.DropForeignPlanes(s.InControlTime()), s.TakenAt, engines.All()), past: s.Past}
	h := &History{
		Subject: t.Subject, TakenAt: t.TakenAt, Rows: []Row{}, LeadTimes: []LeadTime{},
		Git: Git{Head: s.Past.Head, Reason: s.Past.Reason},
	}
	if h.Git.Head == "" && h.Git.Reason == "" {
		h.Git.Reason = "no commits were read"
	}
	for _, e := range t.Environments {
		rows := b.rowsOf(e)
		h.Rows = append(h.Rows, rows...)
		h.LeadTimes = append(h.LeadTimes, leadTimeOf(e.Name, rows))
	}
	markBehind(h.Rows, t.Environments)
	return h
}

// builder finds the rows of one component.
type builder struct {
	*view.Component
	past facts.Past
}

// pin is a release that a binding has pinned.
type pin struct {
	release string
	commit  *facts.Commit // nil: no commit of the clone did
	added   bool          // the commit added the binding
	current bool          // the binding pins it now
	newer   bool          // it is newer in Git than what the binding pins
}

// rowsOf are the rows of an environment, the newest first.
func (b builder) rowsOf(e trace.Environment) []Row {
	p := b.EnvironmentOf(e.Name)
	pins := b.pinsOf(p)
	if len(pins) == 0 {
		return []Row{{Environment: e.Name, State: NotBound}}
	}
	var rows []Row
	for _, one := range pins {
		rows = append(rows, b.row(p, e, one))
	}
	return rows
}

// pinsOf are the releases that the binding of an environment has pinned in Git, and the one that it pins in the cluster.
func (b builder) pinsOf(p *view.Environment) []pin {
	var pins []pin
	for i, commit := range b.past.Commits {
		for _, change := range commit.Changes {
			if change.Object.Kind == "ReleaseBinding" && change.Environment == p.Name && change.Release != "" && pinned(change) {
				pins = append(pins, pin{release: change.Release, commit: &b.past.Commits[i], added: change.Added})
			}
		}
	}
	now := p.ReleaseName()
	if p.Binding.Outcome != facts.Found || now == "" {
		return pins
	}
	setBy := b.setByHand(p)
	at := slices.IndexFunc(pins, func(one pin) bool { return one.release == now && b.mayBeApplied(one) })
	if at < 0 || setBy != "" {
		return append([]pin{{release: now, current: true}}, pins...)
	}
	pins[at].current = true
	for i := range at {
		pins[i].newer = true
	}
	return pins
}

// mayBeApplied reports whether a commit of the cluster contains the commit of a pin. If none of the commits is known to the clone, any
// may be applied.
func (b builder) mayBeApplied(one pin) bool {
	return len(one.commit.Within) > 0 || !slices.ContainsFunc(b.past.Commits, func(c facts.Commit) bool { return len(c.Within) > 0 })
}

// pinned reports whether a change of a binding has set its release.
func pinned(change facts.ObjectChange) bool {
	return change.Added || slices.ContainsFunc(change.Fields, func(f facts.FieldChange) bool { return f.Path == "spec.releaseName" })
}

// setByHand is the field manager that set the release of a binding, if that is neither an applier nor OpenChoreo; "" if it is one of them,
// or unknown.
func (b builder) setByHand(p *view.Environment) string {
	for manager, fields := range facts.SpecManagers(p.Binding.Body) {
		if slices.Contains(fields, "spec.releaseName") && !engines.All().IsFieldManager(manager) && manager != openChoreoManager {
			return manager
		}
	}
	return ""
}

// openChoreoManager is the field manager of OpenChoreo's controllers.
const openChoreoManager = "openchoreo-manager"

func (b builder) row(p *view.Environment, e trace.Environment, one pin) Row {
	row := Row{Environment: e.Name, Release: one.release, State: stateOf(one, e)}
	row.Image = b.imageOf(one.release)
	added := b.addedBy(one.release)
	if one.commit == nil && row.State != Replaced {
		row.SetBy = b.setByHand(p)
	}
	if row.Commit = commitOf(one.commit); row.Commit == nil || added == nil || row.Commit.ID != added.ID {
		row.ReleasedBy = commitOf(added)
	}
	w := walk{builder: b, env: p, pin: one, added: added, row: &row}
	w.steps()
	row.LeadTimeSeconds = leadSeconds(row)
	return row
}

// stateOf is the verdict on the environment for the release that its binding pins.
func stateOf(one pin, e trace.Environment) State {
	switch {
	case one.newer:
		return NotApplied
	case !one.current && e.Release == "":
		return NotApplied
	case !one.current:
		return Replaced
	}
	switch e.Verdict {
	case trace.VerdictHealthy:
		return Running
	case trace.VerdictFailed:
		return Failed
	case trace.VerdictProgressing:
		return Progressing
	case trace.VerdictSuspended:
		return Undeployed
	case trace.VerdictUnknown:
		return Unknown
	}
	return Unknown
}

// imageOf is the image of a release: of the object, or of the commit that added it.
func (b builder) imageOf(release string) string {
	if image := kinds.Text(b.Object(b.Ref("ComponentRelease", release)).Body, "spec", "workload", "container", "image"); image != "" {
		return image
	}
	for _, commit := range b.past.Commits {
		for _, change := range commit.Changes {
			if change.Object.Kind == "ComponentRelease" && change.Object.Name == release && change.Image != "" {
				return change.Image
			}
		}
	}
	return ""
}

// addedBy is the commit that added a release. A release that OpenChoreo cuts is in no commit.
func (b builder) addedBy(release string) *facts.Commit {
	for i, commit := range b.past.Commits {
		for _, change := range commit.Changes {
			if change.Object.Kind == "ComponentRelease" && change.Object.Name == release && change.Added {
				return &b.past.Commits[i]
			}
		}
	}
	return nil
}

func commitOf(c *facts.Commit) *Commit {
	if c == nil {
		return nil
	}
	return &Commit{ID: c.ID, Author: c.Author, Subject: c.Subject, Time: c.Time, Merge: c.Merge}
}

// markBehind notes which environments have an older release than one that is promoted to them.
func markBehind(rows []Row, all []trace.Environment) {
	pins := map[string]string{}
	for _, e := range all {
		pins[e.Name] = e.Release
	}
	for _, e := range all {
		for _, from := range e.PromotedFrom {
			newer := kinds.PrecedesRelease(pins[e.Name], pins[from]) || pins[e.Name] == "" && pins[from] != ""
			for i := range rows {
				if rows[i].Environment == e.Name && newer && isPresent(rows[i].State) {
					rows[i].Behind = from
				}
			}
		}
	}
}

// isPresent reports whether a state is of what the binding pins now.
func isPresent(s State) bool {
	switch s {
	case Running, Failed, Progressing, Undeployed, Unknown, NotBound:
		return true
	case Replaced, NotApplied:
	}
	return false
}
