package verify

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestGate(t *testing.T) {
	t.Parallel()
	all := Gate{Require: Requirements()}
	for name, c := range map[string]struct {
		gate  Gate
		trace *trace.Trace
		want  []string
	}{
		"NothingWasSeen":     {Gate{}, &trace.Trace{}, []string{"Undecided", "Undecided healthy   Unreachable"}},
		"NoSuchVerdict":      {Gate{}, &trace.Trace{Verdict: 200, Current: trace.Current}, []string{"Undecided", "Undecided healthy   Unreachable"}},
		"NothingMayBeSeen":   {Gate{AllowUnknown: true}, &trace.Trace{}, []string{"Passed"}},
		"BrokenUnexplained":  {Gate{}, &trace.Trace{Verdict: trace.VerdictFailed}, []string{"Failed", "Failed healthy   Unreachable"}},
		"WaitsUnexplained":   {Gate{}, &trace.Trace{Verdict: trace.VerdictProgressing}, []string{"Pending", "Pending healthy   Progressing"}},
		"Ladder":             {all, healthyTrace(), []string{"Passed"}},
		"Healthy":            {Gate{}, traced(t, "healthy"), []string{"Passed"}},
		"HealthyInAll":       {all, traced(t, "healthy"), []string{"Passed"}},
		"OneNamed":           {Gate{}, traced(t, "healthy", "staging"), []string{"Passed"}},
		"NotBound":           {Gate{}, traced(t, "healthy", "production"), []string{"Failed", "Failed healthy binding production ReleaseBindingNotFound"}},
		"SlipOfThePen":       {Gate{}, traced(t, "healthy", "stagging"), []string{"Failed", "Failed healthy environment stagging EnvironmentNotFound"}},
		"UndeployedOnAsk":    {Gate{}, traced(t, "binding-undeployed", "staging"), []string{"Passed"}},
		"AppliedByHand":      {Gate{}, traced(t, "applied-by-hand"), []string{"Passed"}},
		"RightsMissing":      {Gate{}, traced(t, "rights-missing"), nil},
		"RightsNotNeeded":    {Gate{AllowUnknown: true}, traced(t, "rights-missing"), []string{"Passed"}},
		"RevisionUnknown":    {Gate{}, traced(t, "revision-unknown"), nil},
		"RevisionNotFetched": {Gate{}, traced(t, "revision-not-fetched"), []string{"Pending", "Pending healthy source  RevisionNotFetched"}},
		"SharedCause":        {Gate{}, traced(t, "dependency-fails"), []string{"Failed", "Failed healthy delivery  KustomizationBuildFailed"}},
		"Pod":                {Gate{}, traced(t, "pod-crash-loop"), nil},
		"NotPromoted":        {Gate{}, traced(t, "release-not-promoted"), []string{"Passed"}},
		"NobodyReleasesIt":   {Gate{}, traced(t, "workload-not-released"), []string{"Failed", "Failed current release development WorkloadNotReleased"}},
		"NobodyBindsIt":      {Gate{}, traced(t, "release-not-bound"), []string{"Failed", "Failed current release development ReleaseNotBound"}},
		"NobodyPromotesIt":   {Gate{}, traced(t, "release-not-promoted"), []string{"Passed"}},
		"HealthyIsEnough":    {Gate{Require: []Requirement{RequireHealthy}}, traced(t, "workload-not-released"), []string{"Passed"}},
		"OpenChoreoWill":     {Gate{}, autoDeploying(t, "workload-not-released"), []string{"Pending", "Pending healthy release development WorkloadNotReleased"}},
		"MustBePromoted":     {Gate{Require: []Requirement{RequirePromoted}}, traced(t, "release-not-promoted"), []string{"Failed", "Failed promoted release staging ReleaseNotPromoted"}},
		"SourceNotRead":      {Gate{Require: []Requirement{RequirePromoted}}, unreadSource(healthyTrace(), 1), []string{"Undecided", "Undecided promoted release staging ReleaseNotPromoted"}},
		"Drift":              {Gate{}, traced(t, "deployment-scaled-by-hand"), []string{"Passed"}},
		"NoDrift":            {Gate{Require: []Requirement{RequireNoDrift}}, traced(t, "deployment-scaled-by-hand"), []string{"Failed", "Failed no-drift resource development ResourceDrift"}},
		"WarningsFail":       {Gate{FailOn: trace.Warning}, traced(t, "deployment-scaled-by-hand"), []string{"Failed", "Failed no-warning resource development ResourceDrift"}},
		"NoEndpoint":         {Gate{Require: []Requirement{RequireEndpoint}}, traced(t, "deployment-scaled-by-hand", "development"), []string{"Failed", "Failed endpoint endpoint development EndpointNotResolved"}},
	} {
		got := c.gate.Judge(c.trace).texts()
		if c.want == nil {
			c.want = map[string][]string{
				"RightsMissing":   {"Undecided"},
				"RevisionUnknown": {"Undecided"},
				"Pod":             {"Failed"},
			}[name]
			got = got[:1]
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestWaitingNamesTheCause: of the rungs on their way those count that say since when, or why; the others only follow. Where none
// says so, all do.
func TestWaitingNamesTheCause(t *testing.T) {
	t.Parallel()
	follows := func() *trace.Trace {
		tr := withProgress(healthyTrace(), trace.RungComponent, "", "it follows")
		tr.Verdict, tr.Rungs[2].Since = trace.VerdictProgressing, time.Time{}
		return tr
	}
	for name, c := range map[string]struct {
		trace *trace.Trace
		want  []string
	}{
		"OneSaysSinceWhen": {withProgress(follows(), trace.RungSource, "", "fetching"), []string{"Pending", "Pending healthy source  Progressing"}},
		"NoneDoes":         {follows(), []string{"Pending", "Pending healthy component  Progressing"}},
	} {
		if diff := cmp.Diff(c.want, Gate{}.Judge(c.trace).texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUnknownWithoutAFinding: a rung that could not be judged is undecided also where it does not say why, unless it is below a failure.
func TestUnknownWithoutAFinding(t *testing.T) {
	t.Parallel()
	unknown := func(tr *trace.Trace) *trace.Trace {
		tr.Environments[0].Rungs[2].State = trace.Unknown
		return tr
	}
	broken := withFailure(healthyTrace(), trace.RungBinding, "development", trace.CodeProgressing, facts.Ref{})
	forbidden := healthyTrace()
	forbidden.Rungs[0].State = trace.Unknown
	forbidden.Rungs[0].Findings = []trace.Finding{{Code: trace.CodeForbidden, Severity: trace.Error}}
	for name, c := range map[string]struct {
		trace *trace.Trace
		want  []string
	}{
		"OfAForbiddenRead": {unknown(forbidden), []string{"Undecided", "Undecided healthy " + string(forbidden.Rungs[0].ID) + "  Forbidden"}},
		"Alone":            {unknown(healthyTrace()), []string{"Undecided", "Undecided healthy pod development Unreachable"}},
		"BelowAFailure":    {unknown(broken), []string{"Failed", "Failed healthy binding development Progressing"}},
	} {
		if diff := cmp.Diff(c.want, Gate{}.Judge(c.trace).texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCurrencyIsNotAssumed: of what somebody asks for it must be known that it is there.
func TestCurrencyIsNotAssumed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wanted trace.Wanted
		want   Decision
	}{
		"NobodyAsks":       {trace.Wanted{}, Passed},
		"SourceHas":        {trace.Wanted{Revision: "1.2.3", From: facts.FromSource}, Passed},
		"Flag":             {trace.Wanted{Revision: "7040926", From: facts.FromFlag}, Undecided},
		"FlagNobodyKnows":  {trace.Wanted{From: facts.FromFlag}, Undecided},
		"Clone":            {trace.Wanted{Revision: "7040926", From: facts.FromClone}, Undecided},
		"OriginNobodyKnew": {trace.Wanted{Revision: "7040926", From: "elsewhere"}, Undecided},
	} {
		tr := healthyTrace()
		tr.Current, tr.Wanted = trace.CurrencyUnknown, c.wanted
		if got := (Gate{}).Judge(tr); got.Decision != c.want {
			t.Errorf("%s: %v, want %s", name, got.texts(), c.want)
		}
	}
}

func TestDecision(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want Decision }{
		{Passed, Passed, Passed},
		{Passed, Pending, Pending},
		{Pending, Undecided, Undecided},
		{Undecided, Failed, Failed},
		{Failed, Passed, Failed},
		{Passed, 200, 200},
		{Failed, 200, Failed},
	} {
		if got := c.a.Worse(c.b); got != c.want {
			t.Errorf("%s.Worse(%s) = %s, want %s", c.a, c.b, got, c.want)
		}
	}
	var zero Judgement
	if zero.Decision != Undecided {
		t.Errorf("the zero Judgement is %s", zero.Decision)
	}
	added := Judgement{Decision: Passed}.Add(Reason{Decision: Failed, Requirement: RequireProbe})
	if because, ok := added.Cause(); !ok || because.Requirement != RequireProbe || added.Decision != Failed {
		t.Errorf("with a reason: %+v", added)
	}
	if reasons := (Gate{}).Judge(healthyTrace()).Reasons; reasons == nil {
		t.Error("the reasons of a pass are null in JSON, not an empty list")
	}
	if text, err := json.Marshal(added); err != nil || !json.Valid(text) {
		t.Errorf("as JSON: %s, %v", text, err)
	}
}

// unreadSource leaves the source of an environment unread.
func unreadSource(t *trace.Trace, environment int) *trace.Trace {
	t.Environments[environment].UnreadSources = []string{"development"}
	return t
}

// autoDeploying is a scenario whose component is deployed by OpenChoreo itself.
func autoDeploying(t *testing.T, scenario string) *trace.Trace {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "Component") {
		o.Body.Object["spec"].(map[string]any)["autoDeploy"] = true
	}
	return assess.Assess(s, s.TakenAt)
}
