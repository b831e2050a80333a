package printers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func kustomization(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// TestFrameFits: every line is one line of the terminal, so that it can be drawn over.
func TestFrameFits(t *testing.T) {
	t.Parallel()
	steps := []Step{
		{Object: kustomization("oc-demo-platform"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{kustomization("oc-demo-namespaces")}},
		{Environment: "development", Rung: trace.RungPod, State: "Failed", Look: trace.Failed, Begun: now.Add(-90 * time.Second), Message: "日本語 \x1b[2J" + strings.Repeat("long ", 50)},
	}
	for _, o := range []Options{{Marks: true, Width: 80}, {Marks: true, Width: 80, ASCII: true, Color: true}, {Width: 200}} {
		frame := o.Frame(steps, now)
		for line := range strings.SplitSeq(frame, "\n") {
			plain := strings.NewReplacer("\x1b[2m", "", "\x1b[1;31m", "", "\x1b[0m", "").Replace(line)
			if cells(plain) >= o.Width || strings.Contains(plain, "\x1b") {
				t.Errorf("width %d: %d cells: %q", o.Width, cells(plain), plain)
			}
		}
		for _, words := range []string{"not attempted: after", "90.0s", "development: pod"} {
			if !strings.Contains(frame, words) {
				t.Errorf("the frame does not say %q:\n%s", words, frame)
			}
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	bad := Step{Object: kustomization("a"), State: "Failed", Look: trace.Failed, Message: "it is \x1b[31mred"}
	blocked := Step{Object: kustomization("b"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{kustomization("a")}}
	good := Step{Object: kustomization("a"), State: "Done", Look: trace.OK}
	well := &trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Current, Environments: []trace.Environment{{Name: "development", Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{{}, {}}}}}
	for name, c := range map[string]struct {
		report Report
		says   []string
		not    string
	}{
		"Done":        {Report{Steps: []Step{good}}, []string{"Reconciled in 2.0s."}, "Not"},
		"Failed":      {Report{Steps: []Step{bad, blocked}, Traces: []*trace.Trace{failedPull()}}, []string{"Not reconciled, after 2.0s.", `it is \x1b[31mred`, "b not attempted, after Kustomization flux-system/a.", "Failing rung: pod"}, "\x1b"},
		"Late":        {Report{Steps: []Step{good}, Late: true}, []string{"Not done in 2.0s.", "goes on in the cluster"}, "Reconciled"},
		"ByHand":      {Report{Steps: []Step{}, Waited: true, Traces: []*trace.Trace{well}}, []string{"applied by hand", "Healthy in development"}, "Not "},
		"Woken":       {Report{Steps: []Step{good}, Woken: []facts.Ref{kustomization("a")}}, []string{"Woke Kustomization flux-system/a."}, "Not"},
		"OneOfMany":   {Report{Steps: []Step{good}, Waited: true, Traces: []*trace.Trace{well, failedPull()}}, []string{"greeter, namespace default", "Failing rung: pod"}, "Healthy in"},
		"OnlyWaiting": {Report{Steps: []Step{bad}, Traces: []*trace.Trace{{Verdict: trace.VerdictProgressing}}}, []string{"Not reconciled"}, "Progressing"},
	} {
		c.report.Begun, c.report.Ended = now.Add(-2*time.Second), now
		var out bytes.Buffer
		if err := (Options{Now: now}).Report(&out, c.report); err != nil {
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
	if err := (Options{}).Times(&out, now, []Timed{
		{Object: kustomization("oc"), Asked: now.Add(100 * time.Millisecond), Ready: now.Add(2 * time.Minute)},
		{Environment: "development", Rungs: []trace.RungID{trace.RungResource, trace.RungPod}, Ready: now.Add(3 * time.Second)},
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
	if err := StepJSON(&out, Step{Object: kustomization("a"), State: "Failed", Message: "one\ntwo <&> \u2028 \x1b["}); err != nil {
		t.Fatal(err)
	}
	if err := ReportJSON(&out, Report{Steps: []Step{}}); err != nil {
		t.Fatal(err)
	}
	if err := PlanJSON(&out, Plan{}); err != nil {
		t.Fatal(err)
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
