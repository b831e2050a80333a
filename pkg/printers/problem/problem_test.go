package problem

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// detailed is a Snapshot in which the pod that fails has an event, and its container two logs.
func detailed(t *trace.Trace) *facts.Snapshot {
	s := facts.New(t.Subject, t.TakenAt)
	pod := t.Failing.Object
	event := facts.Ref{Plane: pod.Plane, Kind: "Event", Namespace: pod.Namespace, Name: "e"}
	s.PutList(facts.List{Query: facts.Query{Plane: pod.Plane, Kind: "Event", Namespace: pod.Namespace}, Outcome: facts.Found, Items: []facts.Ref{event}}, []facts.Object{
		{Ref: event, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"type": "Warning", "reason": "BackOff", "message": "Back-off\npulling image", "lastTimestamp": t.TakenAt.Add(-time.Minute).Format(time.RFC3339),
			"involvedObject": map[string]any{"kind": pod.Kind, "namespace": pod.Namespace, "name": pod.Name},
		}}},
	})
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: pod, Container: "main", Previous: true}, Outcome: facts.Found, Lines: []string{"one", "two"}})
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: pod, Container: "side"}, Outcome: facts.Forbidden, Reason: "no"})
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: pod, Container: "zero"}, Outcome: facts.Found})
	return s
}

// TestDetails: only what was read is shown, of the objects of the rung that fails; and why the rest is missing.
func TestDetails(t *testing.T) {
	t.Parallel()
	failed := printerstest.FailedPull()
	healthy := &trace.Trace{Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK, Object: failed.Failing.Object}}}
	progressing := &trace.Trace{Verdict: trace.VerdictProgressing, Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.Progressing, Object: facts.Ref{Kind: "GitRepository", Name: "oc"}}}}
	o := style.Options{Now: printerstest.Now}
	for name, c := range map[string]struct {
		got  []string
		want string
	}{
		"Events": {EventLines(o, failed, detailed(failed)), `pod (development)

  Pod dp-demo/greeter-1, on data plane eu:
    BackOff, 60s ago: Back-off pulling image

  No Warning event was read about Deployment dp-demo/greeter, on data plane eu.`},
		"EventsNotRead": {EventLines(o, progressing, facts.New(facts.Subject{}, printerstest.Now)), `source

  GitRepository oc: events not read`},
		"EventsHealthy": {EventLines(o, healthy, detailed(failed)), "No rung is failed, progressing or unknown: no events to show."},
		"Logs": {LogLines(o, failed, detailed(failed)), `pod (development)

  container main of Pod dp-demo/greeter-1, on data plane eu, previous run:
    one
    two

  container side of Pod dp-demo/greeter-1, on data plane eu: log forbidden: no

  container zero of Pod dp-demo/greeter-1, on data plane eu: the log is empty`},
		"NoLogs": {LogLines(o, progressing, detailed(failed)), `source

  No log was read. Only the logs of containers that crashed are read.`},
		"LogsHealthy": {LogLines(o, healthy, detailed(failed)), "No rung is failed, progressing or unknown: no logs to show."},
	} {
		if diff := cmp.Diff(c.want, strings.Join(c.got, "\n")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
