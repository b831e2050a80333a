package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// healthy: each cause of a failure, what waits, and what could not be read.
func (v *evaluator) healthy() {
	before := len(v.reasons)
	if v.trace.Failing != nil {
		v.add(Failed, RequireHealthy, *v.trace.Failing)
	}
	for _, e := range v.trace.Environments {
		if e.Failing != nil {
			v.add(Failed, RequireHealthy, *e.Failing)
		}
	}
	v.unknown()
	v.waiting()
	if len(v.reasons) == before {
		v.unexplained()
	}
}

// waiting are the rungs that are on their way. One that has neither a time nor a finding only follows from another that has.
func (v *evaluator) waiting() {
	var all, causes []locatedRung
	for p := range rungs(v.trace) {
		if p.rung.State != trace.Progressing {
			continue
		}
		all = append(all, p)
		if !p.rung.Since.IsZero() || len(p.rung.Findings) > 0 {
			causes = append(causes, p)
		}
	}
	if len(causes) == 0 {
		causes = all
	}
	for _, p := range causes {
		if len(p.rung.Findings) > 0 {
			f := p.rung.Findings[0]
			v.add(Pending, RequireHealthy, p.failure(f))
			continue
		}
		v.add(Pending, RequireHealthy, p.stateFailure(trace.CodeProgressing))
	}
}

// unexplained: the verdict counts also where no rung reports why.
func (v *evaluator) unexplained() {
	f := trace.Failure{Finding: trace.Finding{
		Code: trace.CodeUnreachable, Severity: trace.Warning, Message: "its state could not be read",
	}}
	switch v.trace.Verdict {
	case trace.VerdictHealthy, trace.VerdictSuspended:
	case trace.VerdictFailed:
		f.Message = "it failed without a message"
		v.add(Failed, RequireHealthy, f)
	case trace.VerdictProgressing:
		f.Code, f.Message = trace.CodeProgressing, "it is progressing"
		v.add(Pending, RequireHealthy, f)
	case trace.VerdictUnknown:
		v.add(Undecided, RequireHealthy, f)
	default:
		v.add(Undecided, RequireHealthy, f)
	}
}

// current: whether what is wanted is there, and known to be.
func (v *evaluator) current() {
	switch v.trace.Current {
	case trace.Current:
	case trace.Behind:
		v.behind()
	case trace.CurrencyUnknown:
		v.currencyUnknown()
	default:
		v.currencyUnknown()
	}
}

// behind names the topmost rung that does not carry what is wanted, which holds all below it back; unless it is known
// already why it does not.
func (v *evaluator) behind() {
	for p := range rungs(v.trace) {
		if p.rung.Current != trace.Behind {
			continue
		}
		explained := slices.ContainsFunc(v.reasons, func(r Reason) bool { return r.Rung == p.rung.ID && r.Environment == p.environment })
		notDeployed, nobodyWill := p.notDeployed()
		switch {
		case explained:
		case nobodyWill:
			v.add(Failed, RequireCurrent, notDeployed)
		default:
			f := p.stateFailure(trace.CodeBehind)
			f.Message = behindMessage(p.rung, v.trace.Wanted)
			v.add(Pending, RequireCurrent, f)
		}
		return
	}
	v.add(Pending, RequireCurrent, trace.Failure{Finding: trace.Finding{
		Code: trace.CodeBehind, Severity: trace.Info, Message: "it does not have the wanted revision",
	}})
}

// notDeployed is the finding that the Workload is not what the first environment runs, where it is not deployed without a commit: with
// autoDeploy the rung is on its way.
func (p locatedRung) notDeployed() (trace.Failure, bool) {
	for _, f := range p.rung.Findings {
		named := f.Code == trace.CodeWorkloadNotReleased || f.Code == trace.CodeReleaseNotBound
		if named && f.Severity == trace.Warning && p.rung.State == trace.OK {
			return p.failure(f), true
		}
	}
	return trace.Failure{}, false
}

func behindMessage(r trace.Rung, wanted trace.Wanted) string {
	has := r.Revision
	if has == "" {
		has = "an older revision"
	}
	if wanted.Revision == "" {
		return fmt.Sprintf("it has %s", has)
	}
	return fmt.Sprintf("it has %s, wanted is %s", has, wanted.Revision)
}

// currencyUnknown: of a revision that the user requests, by a flag or by the clone in the working directory, it must be known that it is
// there. What the source has fetched is only the best guess of what is wanted; where an applier does not say what it has of
// it, as one of charts does not, or all is applied by hand, nothing is missed.
func (v *evaluator) currencyUnknown() {
	t := v.trace
	asked := t.Wanted.Revision != "" || t.Wanted.From == facts.FromFlag
	if !asked || t.Wanted.From == facts.FromSource {
		return
	}
	for p := range rungs(t) {
		if at := slices.IndexFunc(p.rung.Findings, func(f trace.Finding) bool { return unreadable(f.Code) }); at >= 0 && p.rung.Current == trace.CurrencyUnknown {
			v.add(Undecided, RequireCurrent, p.failure(p.rung.Findings[at]))
			return
		}
	}
	v.add(Undecided, RequireCurrent, trace.Failure{Rung: trace.RungGit, Finding: trace.Finding{
		Code: trace.CodeRevisionUnknown, Severity: trace.Warning,
		Message: fmt.Sprintf("cannot determine whether %s is applied: no rung has a commit, or the commit is not in the clone", t.Wanted.Revision),
		Hint:    "fetch the full history of the clone, and run this in it or use --repo",
	}})
}

// noDrift: whatever the severity.
func (v *evaluator) noDrift() {
	for p := range rungs(v.trace) {
		for _, f := range p.rung.Findings {
			if IsDrift(f.Code) {
				v.add(Failed, RequireNoDrift, p.failure(f))
			}
		}
	}
}

// IsDrift reports whether a finding reports that a cluster differs from what was delivered to it.
func IsDrift(c trace.Code) bool {
	return slices.Contains([]trace.Code{
		trace.CodeFieldDrift, trace.CodeResourceDrift, trace.CodeHelmReleaseDrifted, trace.CodeApplicationOutOfSync,
		trace.CodeAppliedButAbsent, trace.CodeResourceNotFound,
	}, c)
}

func (v *evaluator) promoted() {
	for p := range rungs(v.trace) {
		for _, f := range p.rung.Findings {
			if f.Code == trace.CodeReleaseNotPromoted {
				v.add(Failed, RequirePromoted, p.failure(f))
			}
		}
	}
	for _, e := range v.trace.Environments {
		v.unreadSources(e)
	}
}

// unreadSources: with -e, the environments that were not named are not read, so what there is to promote is not known.
func (v *evaluator) unreadSources(e trace.Environment) {
	decided := slices.ContainsFunc(v.reasons, func(r Reason) bool { return r.Code == trace.CodeReleaseNotPromoted && r.Environment == e.Name })
	if decided || len(e.UnreadSources) == 0 || notBound(e) {
		return
	}
	v.add(Undecided, RequirePromoted, trace.Failure{Rung: trace.RungRelease, Environment: e.Name, Finding: trace.Finding{
		Code: trace.CodeReleaseNotPromoted, Severity: trace.Warning, Object: component(v.trace.Subject),
		Message: fmt.Sprintf("%s is promoted from %s, which was not read", e.Name, strings.Join(e.UnreadSources, ", ")),
		Hint:    "add the source environment with -e",
	}})
}

func (v *evaluator) endpoint() {
	for _, e := range v.trace.Environments {
		if e.Verdict == trace.VerdictSuspended || len(e.Endpoints) > 0 {
			continue
		}
		v.add(Failed, RequireEndpoint, trace.Failure{Rung: trace.RungEndpoint, Environment: e.Name, Finding: trace.Finding{
			Code: trace.CodeEndpointNotResolved, Severity: trace.Error, Object: component(v.trace.Subject), Message: "there is no endpoint with a URL",
			Hint: "the release declares none, or the environment has no gateway for it",
		}})
	}
}

func component(s facts.Subject) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Namespace, Name: s.Component}
}

func (v *evaluator) warnings() {
	for p := range rungs(v.trace) {
		for _, f := range p.rung.Findings {
			if f.Severity == trace.Warning {
				v.add(Failed, RequireNoWarning, p.failure(f))
			}
		}
	}
}
