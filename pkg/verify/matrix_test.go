package verify

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestMatrix(t *testing.T) {
	t.Parallel()
	row := func(scenario string) Result {
		s := factstest.Scenario(t, scenario)
		tr := assess.Assess(s, s.TakenAt)
		return Result{Trace: tr, Cells: Cells(tr, s)}
	}
	words := func(r Result) []string {
		var all []string
		for _, c := range r.Cells {
			all = append(all, fmt.Sprintf("%s bound=%t %s %s %s since=%s next=%s %s", c.Environment, c.Bound, c.Verdict, c.Release, c.Image, r.Trace.TakenAt.Sub(c.Since).Truncate(time.Second), c.Next, c.Order))
		}
		return all
	}
	promoted := row("release-not-promoted")
	promoted.Cells[2].Since = promoted.Trace.TakenAt
	want := []string{
		"development bound=true Healthy release-not-promoted-20261121-2 registry.example.com/acme/release-not-promoted:1.0.1 since=1m29s next=staging ahead",
		"staging bound=true Healthy release-not-promoted-20261121-1 registry.example.com/acme/release-not-promoted:1.0.0 since=1m29s next= ",
		"production bound=false Suspended   since=0s next= ",
	}
	if diff := cmp.Diff(want, words(promoted)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := row("healthy").Cells[0]; got.Order != Same || got.Next != "staging" || got.Commit == "" {
		t.Errorf("healthy: %+v", got)
	}
	if got := row("pod-crash-loop").Cells[0]; got.Failing != trace.CodeCrashLoopBackOff || got.Verdict != trace.VerdictFailed {
		t.Errorf("pod-crash-loop: %+v", got)
	}
	s := factstest.Scenario(t, "healthy")
	tr := assess.Assess(s, s.TakenAt)
	tr.Environments[0].Image, tr.Environments[1].Image = "runs", ""
	if cells := Cells(tr, s); cells[0].Image != "runs" || cells[1].Image != "" {
		t.Errorf("images %q and %q, want those that run, and none where no pod was read", cells[0].Image, cells[1].Image)
	}
	cell := func(names ...string) (r Result) {
		for _, n := range names {
			r.Cells = append(r.Cells, Cell{Environment: n})
		}
		return r
	}
	got := Environments([]Result{cell("dev", "prod"), cell("dev", "stage", "prod"), cell("lab"), cell("prod", "dr")})
	if diff := cmp.Diff([]string{"lab", "dev", "stage", "prod", "dr"}, got); diff != "" {
		t.Errorf("environments (-want +got)\n%s", diff)
	}
}

// TestReportedCells: a cell says that its health is only a report if a rung is healthy by one. A failure has its own words.
func TestReportedCells(t *testing.T) {
	t.Parallel()
	tr := healthyTrace()
	tr.Environments[0].Rungs[2].Reported = true
	tr.Environments[1].Rungs[2].Reported, tr.Environments[1].Rungs[2].State = true, trace.Failed
	var got []bool
	for _, c := range Cells(tr, &facts.Snapshot{}) {
		got = append(got, c.Reported)
	}
	if diff := cmp.Diff([]bool{true, false}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestOrder: which of two releases is newer is told by when they were made, and of those of one second by their names.
func TestOrder(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "release-not-promoted")
	tr := assess.Assess(s, s.TakenAt)
	here, next := &tr.Environments[0], &tr.Environments[1]
	here.Release, next.Release = next.Release, here.Release
	if got := Cells(tr, s)[0]; got.Order != Older || got.Next != "staging" {
		t.Errorf("a release older than the next environment's is %q to %s", got.Order, got.Next)
	}
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "ComponentRelease") {
		if o.Ref.Name == here.Release {
			o.Body.SetCreationTimestamp(metav1.NewTime(s.TakenAt))
		}
	}
	if got := Cells(tr, s)[0]; got.Order != Ahead {
		t.Errorf("a release that was made after the next environment's is %q", got.Order)
	}
	next.Release = ""
	if got := Cells(tr, s)[0]; got.Order != OrderUnknown {
		t.Errorf("beside none a release is %q", got.Order)
	}
}

// TestSince: a failure stands since it is there, what waits since it waits, and all else since its newest change.
func TestSince(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	waits := withProgress(healthyTrace(), trace.RungBinding, "development", "")
	waits.Environments[0].Rungs[1].Since, waits.Environments[0].Rungs[2].Since = ago(time.Minute), ago(time.Second)
	fails := crashing(trace.CodeCrashLoopBackOff)
	fails.Environments[1].Failing.Since, fails.Environments[1].Rungs[0].Since = ago(time.Minute), ago(time.Second)
	for name, c := range map[string]struct {
		trace *trace.Trace
		at    int
		want  time.Time
	}{
		"Well":  {fresh(), 0, noon},
		"Waits": {waits, 0, ago(time.Minute)},
		"Fails": {fails, 1, ago(time.Minute)},
	} {
		if got := Cells(c.trace, facts.New(c.trace.Subject, noon))[c.at].Since; !got.Equal(c.want) {
			t.Errorf("%s: since %s, want %s", name, got, c.want)
		}
	}
}

// TestNextInABranchedPipeline: us and eu both follow development, and neither follows the other.
func TestNextInABranchedPipeline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		us, eu  string // the releases; "": not bound
		behind  string // what eu is promoted from
		want    [3]string
		comment string
	}{
		"OneBehind":   {"1", "2", "dev", [3]string{"us ahead", " ", " "}, "us has the older release"},
		"OtherBehind": {"2", "1", "dev", [3]string{"eu ahead", " ", " "}, "the one that differs is named"},
		"AllSame":     {"2", "2", "dev", [3]string{"us same", " ", " "}, "the first is named"},
		"Unbound":     {"", "1", "us", [3]string{"eu ahead", " ", " "}, "us is passed over, as it is not bound"},
		"Circle":      {"", "1", "eu", [3]string{" ", " ", " "}, "nothing leads from dev to eu"},
	} {
		tr := &trace.Trace{Environments: []trace.Environment{
			{Name: "dev", Release: "2", Rungs: make([]trace.Rung, 2)},
			{Name: "us", Release: c.us, PromotedFrom: []string{"dev", "us"}, Rungs: make([]trace.Rung, 2)},
			{Name: "eu", Release: c.eu, PromotedFrom: []string{c.behind}, Rungs: make([]trace.Rung, 2)},
		}}
		if c.us == "" {
			tr.Environments[1].Verdict, tr.Environments[1].Rungs = trace.VerdictSuspended, nil
		}
		var got [3]string
		for i, cell := range Cells(tr, facts.New(facts.Subject{}, noon)) {
			got[i] = cell.Next + " " + string(cell.Order)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q: %s", name, got, c.want, c.comment)
		}
	}
}
