package text

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestReport(t *testing.T) {
	t.Parallel()
	bad := steps.Step{Object: printerstest.Kustomization("a"), State: "Failed", Look: trace.Failed, Message: "it is \x1b[31mred"}
	blocked := steps.Step{Object: printerstest.Kustomization("b"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{printerstest.Kustomization("a")}}
	good := steps.Step{Object: printerstest.Kustomization("a"), State: "Done", Look: trace.OK}
	well := &trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Current, Environments: []trace.Environment{{Name: "development", Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{{}, {}}}}}
	for name, c := range map[string]struct {
		report Report
		says   []string
		not    string
	}{
		"Done":        {Report{Steps: []steps.Step{good}}, []string{"Reconciled in 2.0s."}, "Not"},
		"Failed":      {Report{Steps: []steps.Step{bad, blocked}, Traces: []*trace.Trace{printerstest.FailedPull()}}, []string{"Failed after 2.0s.", `it is \x1b[31mred`, "b not attempted, after Kustomization flux-system/a.", "Failed at: pod"}, "\x1b"},
		"Late":        {Report{Steps: []steps.Step{good}, Late: true}, []string{"Timed out after 2.0s.", "continue in the cluster"}, "Reconciled"},
		"ByHand":      {Report{Steps: []steps.Step{}, Waited: true, Traces: []*trace.Trace{well}}, []string{"Nothing to reconcile", "Healthy in development"}, "Not "},
		"Woken":       {Report{Steps: []steps.Step{good}, Retriggered: []facts.Ref{printerstest.Kustomization("a")}}, []string{"Re-triggered Kustomization flux-system/a."}, "Not"},
		"OneOfMany":   {Report{Steps: []steps.Step{good}, Waited: true, Traces: []*trace.Trace{well, printerstest.FailedPull()}}, []string{"greeter, namespace default", "Failed at: pod"}, "Healthy in"},
		"OnlyWaiting": {Report{Steps: []steps.Step{bad}, Traces: []*trace.Trace{{Verdict: trace.VerdictProgressing}}}, []string{"Failed after"}, "Progressing"},
	} {
		c.report.Begun, c.report.Ended = printerstest.Now.Add(-2*time.Second), printerstest.Now
		var out bytes.Buffer
		if err := WriteReport((style.Options{Now: printerstest.Now}), &out, c.report); err != nil {
			t.Fatal(err)
		}
		for _, words := range c.says {
			if !strings.Contains(out.String(), words) {
				t.Errorf("%s does not say %q:\n%s", name, words, out.String())
			}
		}
		if strings.Contains(out.String(), c.not) {
			t.Errorf("%s says %q:\n%s", name, c.not, out.String())
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := steps.WriteTimes((style.Options{}), &out, printerstest.Now, []steps.Timed{
		{Object: printerstest.Kustomization("oc"), Asked: printerstest.Now.Add(100 * time.Millisecond), Ready: printerstest.Now.Add(2 * time.Minute)},
		{Environment: "development", Rungs: []trace.RungID{trace.RungResource, trace.RungPod}, Ready: printerstest.Now.Add(3 * time.Second)},
	}); err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(out.String()) {
		rows = append(rows, strings.Fields(line))
	}
	want := [][]string{
		{"ASKED", "HANDLED", "APPLIED", "READY"},
		{"Kustomization", "oc", "0.1s", "-", "-", "2m0s"},
		{"development:", "resource,", "pod", "-", "-", "-", "3.0s"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEventsAreLines: whatever a message holds, an event is one line of JSON.
func TestEventsAreLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := steps.WriteStepJSON(&out, steps.Step{Object: printerstest.Kustomization("a"), State: "Failed", Message: "one\ntwo <&> \u2028 \x1b["}); err != nil {
		t.Fatal(err)
	}
	for _, document := range []any{Report{Steps: []steps.Step{}}.Document(), steps.Plan{}.Document()} {
		if err := data.WriteLine(&out, document); err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	for line := range strings.Lines(out.String()) {
		var e struct{ Kind string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || strings.ContainsAny(line, "\x1b\u2028") {
			t.Errorf("%q: %v", line, err)
		}
		found = append(found, e.Kind)
	}
	if diff := cmp.Diff([]string{"ReconcileEvent", "ReconcileReport", "ReconcilePlan"}, found); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
