package printers

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestVerifyJUnitReported: a case names the rungs that rest on OpenChoreo's report alone, whether it passed or failed.
func TestVerifyJUnitReported(t *testing.T) {
	t.Parallel()
	environment := func(name string, state trace.State, reported bool) trace.Environment {
		return trace.Environment{Name: name, Rungs: []trace.Rung{
			{ID: trace.RungRendered, State: trace.OK},
			{ID: trace.RungResource, State: state, Reported: reported},
			{ID: trace.RungPod, State: trace.OK, Reported: reported},
		}}
	}
	const note = " as last reported by OpenChoreo, not read from the data plane"
	for name, c := range map[string]struct {
		decision     verify.Decision
		environments []trace.Environment
		want         string
	}{
		"Seen":           {verify.Passed, []trace.Environment{environment("dev", trace.OK, false)}, ""},
		"Reported":       {verify.Passed, []trace.Environment{environment("dev", trace.OK, true)}, "dev: resource and pod" + note},
		"OneOfTwo":       {verify.Passed, []trace.Environment{environment("dev", trace.OK, false), environment("prod", trace.OK, true)}, "prod: resource and pod" + note},
		"ReportedFailed": {verify.Failed, []trace.Environment{environment("dev", trace.Failed, true)}, "dev: pod" + note},
		"Hostile":        {verify.Passed, []trace.Environment{environment("d\x1bev", trace.OK, true)}, "d\\x1bev: resource and pod" + note},
	} {
		report := VerifyReport{Begun: time.Unix(0, 0), Ended: time.Unix(1, 0), Results: []verify.Result{{
			Trace:     &trace.Trace{Subject: facts.Subject{Namespace: "ns", Component: "greeter"}, Environments: c.environments},
			Judgement: verify.Judgement{Decision: c.decision},
		}}}
		var out strings.Builder
		if err := report.Print(&out, "junit", Options{}); err != nil {
			t.Fatal(err)
		}
		suites, err := junit.Ingest([]byte(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, suites[0].Tests[0].SystemOut); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
