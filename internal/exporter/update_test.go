package exporter

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func published(t *testing.T, reports ...printers.StatusReport) *Exporter {
	t.Helper()
	e := New(Options{Now: noon})
	e.unread.reset()
	for _, r := range reports {
		e.publish(r)
	}
	return e
}

// TestTransitions: what differs from the report before counts once, with the rung and the code that began or ended.
func TestTransitions(t *testing.T) {
	t.Parallel()
	bad := healthy()
	bad.Verdict = trace.VerdictFailed
	well := reportOf(cart(healthy()))
	oom := reportOf(cart(bad, failed("staging", trace.RungPod, trace.CodeOOMKilled)))
	pull := reportOf(cart(bad, failed("staging", trace.RungPod, trace.CodeImagePullBackOff)))
	above := reportOf(cart(healthy(), failed("", trace.RungDelivery, trace.CodeKustomizationBuildFailed)))
	for name, c := range map[string]struct {
		reports []printers.StatusReport
		want    map[string]float64
	}{
		"First":     {[]printers.StatusReport{oom}, map[string]float64{}},
		"Same":      {[]printers.StatusReport{oom, oom, oom}, map[string]float64{}},
		"Fails":     {[]printers.StatusReport{well, oom, oom}, map[string]float64{"code=OOMKilled rung=pod state=Failed": 1}},
		"Recovers":  {[]printers.StatusReport{oom, well}, map[string]float64{"code=OOMKilled rung=pod state=OK": 1}},
		"OtherCode": {[]printers.StatusReport{oom, pull}, map[string]float64{"code=ImagePullBackOff rung=pod state=Failed": 1}},
		"Above":     {[]printers.StatusReport{well, above}, map[string]float64{"code=KustomizationBuildFailed rung=delivery state=Failed": 1}},
		"Twice":     {[]printers.StatusReport{well, oom, well, oom}, map[string]float64{"code=OOMKilled rung=pod state=Failed": 2, "code=OOMKilled rung=pod state=OK": 1}},
		"New":       {[]printers.StatusReport{reportOf(), oom}, map[string]float64{"code=OOMKilled rung=pod state=Failed": 1}},
		"NewWell":   {[]printers.StatusReport{reportOf(), well}, map[string]float64{}},
		"Deleted":   {[]printers.StatusReport{oom, reportOf()}, map[string]float64{}},
	} {
		got := samples(scraped(t, published(t, c.reports...))["choreo_transitions_total"])
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestLeadTimes: from the fetch to the healthy environment with a new release; where one of both is not known, nothing. A histogram begins
// with 0, before the first delivery: Prometheus sees no increase in a series that begins with 1. It ends with the last component.
func TestLeadTimes(t *testing.T) {
	t.Parallel()
	at := func(release string, verdict trace.Verdict, current trace.Currency, since, fetched time.Duration) printers.StatusReport {
		cell := verify.Cell{Verdict: verdict, Current: current, Release: release}
		one := cart(cell)
		if since > 0 {
			one.Cells[0].Since = noon().Add(since)
		}
		if fetched > 0 {
			one.WantedSeen = noon().Add(fetched)
		}
		return reportOf(one)
	}
	const minute = time.Minute
	well, busy := trace.VerdictHealthy, trace.VerdictProgressing
	none := map[string]float64{"environment=staging namespace=shop": 0}
	first := at("cart-1", well, trace.Current, minute, minute)
	for name, c := range map[string]struct {
		reports []printers.StatusReport
		want    map[string]float64
	}{
		"First":     {[]printers.StatusReport{first, first}, none},
		"Delivered": {[]printers.StatusReport{first, at("cart-1", well, trace.Behind, minute, 10*minute), at("cart-2", busy, trace.Current, 11*minute, 10*minute), at("cart-2", well, trace.Current, 12*minute, 10*minute)}, map[string]float64{"environment=staging namespace=shop": 120}},
		"AtOnce":    {[]printers.StatusReport{first, at("cart-2", well, trace.Current, 11*minute, 10*minute)}, map[string]float64{"environment=staging namespace=shop": 60}},
		// The second commit does not shorten the time of the first.
		"TwoCommits": {[]printers.StatusReport{first, at("cart-1", well, trace.Behind, minute, 10*minute), at("cart-2", busy, trace.Behind, 11*minute, 12*minute), at("cart-3", well, trace.Current, 13*minute, 12*minute)}, map[string]float64{"environment=staging namespace=shop": 180}},
		// A commit that changes something else brings no release; a pod that restarts later is no delivery.
		"NoRelease":          {[]printers.StatusReport{first, at("cart-1", well, trace.Behind, minute, 10*minute), at("cart-1", well, trace.Current, minute, 10*minute), at("cart-1", well, trace.Current, 90*minute, 10*minute)}, none},
		"RestartWhileBehind": {[]printers.StatusReport{first, at("cart-1", well, trace.Behind, minute, 10*minute), at("cart-1", well, trace.Current, 11*minute, 10*minute)}, none},
		"NotFetched":         {[]printers.StatusReport{first, at("cart-2", well, trace.Current, 11*minute, 0)}, none},
		"NoTime":             {[]printers.StatusReport{first, at("cart-2", well, trace.Current, 0, 10*minute)}, none},
		"StartedInBetween": {
			[]printers.StatusReport{at("cart-2", busy, trace.Current, 11*minute, 10*minute), at("cart-2", well, trace.Current, 12*minute, 10*minute)}, none,
		},
		"Deleted":      {[]printers.StatusReport{first, at("cart-2", well, trace.Current, 11*minute, 10*minute), reportOf()}, nil},
		"NewComponent": {[]printers.StatusReport{reportOf(), at("cart-1", busy, trace.Current, 11*minute, 10*minute), at("cart-1", well, trace.Current, 12*minute, 10*minute)}, map[string]float64{"environment=staging namespace=shop": 120}},
	} {
		got := samples(scraped(t, published(t, c.reports...))["choreo_lead_time_seconds"])
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDeletedComponent: nothing is exported of a component that was deleted. What is counted without names of components remains.
func TestDeletedComponent(t *testing.T) {
	t.Parallel()
	e, deleted := complete(t), `component="cart"`
	if text := text(t, get(e, "/metrics", "text/plain")); !strings.Contains(text, deleted) {
		t.Fatalf("%s is not exported:\n%s", deleted, text)
	}
	other := cart(healthy())
	other.Trace.Subject.Component = "basket"
	e.unread.reset()
	e.publish(reportOf(other))
	got := text(t, get(e, "/metrics", "text/plain"))
	for _, gone := range []string{deleted, "choreo_component_failing", "choreo_delivery_", "choreo_exporter_unreadable_components{"} {
		if strings.Contains(got, gone) {
			t.Errorf("%s is still exported:\n%s", gone, got)
		}
	}
	for _, remains := range []string{`component="basket"`, "choreo_exporter_components 1\n", `choreo_transitions_total{code="OOMKilled"`} {
		if !strings.Contains(got, remains) {
			t.Errorf("%s is not exported:\n%s", remains, got)
		}
	}
}

// TestUnreadable: a kind counts once for each component, and not if it is not installed.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	e := published(t)
	for range 2 {
		s := facts.New(facts.Subject{Namespace: "shop", Component: "cart"}, noon())
		for _, name := range []string{"a", "b"} {
			s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Namespace: "shop", Name: name}, Outcome: facts.Forbidden})
		}
		s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: kinds.ArgoCD, Kind: "Application", Namespace: "argocd", Name: "a"}, Outcome: facts.NoKind})
		s.PutList(facts.List{Query: facts.Query{Plane: "eu", Kind: "Pod", Namespace: "cell"}, Outcome: facts.Unreachable}, nil)
		e.See(s)
	}
	e.publish(reportOf())
	want := map[string]float64{"group=openchoreo.dev kind=ReleaseBinding outcome=Forbidden plane=control": 2, "group= kind=Pod outcome=Unreachable plane=eu": 2}
	if diff := cmp.Diff(want, samples(scraped(t, e)["choreo_exporter_unreadable_components"])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
