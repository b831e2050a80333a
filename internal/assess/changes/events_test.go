package changes

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestIsOutside: events about nodes, quotas, volumes and Secrets come from outside of the release; those about its images do not.
func TestIsOutside(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reason, message string
		want            bool
	}{
		"Node":          {"NodeNotReady", "", true},
		"Evicted":       {"Evicted", "", true},
		"Taint":         {"TaintManagerEviction", "", true},
		"Preempted":     {"Preempted", "", true},
		"Volume":        {"FailedMount", "", true},
		"Attach":        {"FailedAttachVolume", "", true},
		"Quota":         {"FailedCreate", `pods "a" is forbidden: exceeded quota: q`, true},
		"Admission":     {"FailedCreate", `admission webhook "x" denied the request`, false},
		"Secret":        {"Failed", `Error: secret "db" not found`, true},
		"ConfigMap":     {"Failed", `Error: configmap "db" not found`, false},
		"SecretRefused": {"Failed", `Error: secret "db" is forbidden`, false},
		"BackOff":       {"BackOff", "Back-off restarting failed container", false},
	} {
		event := facts.Object{Body: &unstructured.Unstructured{Object: fields{"reason": c.reason, "message": c.message}}}
		if got := isOutside(event); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestInvolved(t *testing.T) {
	t.Parallel()
	for version, group := range map[string]string{"v1": "", "apps/v1": "apps", "": ""} {
		event := facts.Object{Ref: facts.Ref{Plane: "eu"}, Body: &unstructured.Unstructured{Object: fields{"involvedObject": fields{"apiVersion": version, "kind": "K", "namespace": "dp", "name": "a"}}}}
		if got, want := involved(event), (facts.Ref{Plane: "eu", Group: group, Kind: "K", Namespace: "dp", Name: "a"}); got != want {
			t.Errorf("%q: %+v, want %+v", version, got, want)
		}
	}
}

// TestRepeats: an event is no change beside a failure that reports the same.
func TestRepeats(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failure         trace.Finding
		reason, message string
		want            bool
	}{
		"OfItsCode":  {trace.Finding{Code: trace.CodeVolumeNotMounted}, "FailedMount", "m", true},
		"OtherCode":  {trace.Finding{Code: trace.CodeCrashLoopBackOff}, "FailedMount", "m", false},
		"InMessage":  {trace.Finding{Message: "it reports m once"}, "FailedMount", "m once", true},
		"InEvidence": {trace.Finding{Evidence: []trace.Evidence{{Value: "x"}, {Value: "the message m"}}}, "FailedMount", "message m", true},
	} {
		if got := (finder{failure: &trace.Failure{Finding: c.failure}}).repeats(c.reason, c.message); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestBeginning: a pod that has crashed from the start on failed when it was created: its restarts, ten minutes apart at most, fill its life.
func TestBeginning(t *testing.T) {
	t.Parallel()
	created := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	pod := facts.Ref{Plane: "default", Kind: "Pod", Namespace: "dp", Name: "p"}
	for name, c := range map[string]struct {
		code     trace.Code
		after    time.Duration // the last crash, after the creation
		restarts int64
		want     time.Duration
	}{
		"FromTheStart":  {trace.CodeCrashLoopBackOff, 29 * time.Minute, 2, 0},
		"AtTheLimit":    {trace.CodeOOMKilled, 30 * time.Minute, 2, 0},
		"WorkedBefore":  {trace.CodeCrashLoopBackOff, 31 * time.Minute, 2, 31 * time.Minute},
		"NeverRestarts": {trace.CodeContainerFailed, 10 * time.Minute, 0, 0},
		"OtherCode":     {trace.CodePodNotReady, 29 * time.Minute, 2, 29 * time.Minute},
	} {
		s := facts.New(facts.Subject{}, created)
		s.Put(facts.Object{Ref: pod, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: fields{
			"metadata": fields{"creationTimestamp": created.Format(time.RFC3339)},
			"status":   fields{"containerStatuses": []any{fields{"name": "side", "restartCount": int64(99)}, fields{"name": "main", "restartCount": c.restarts}}},
		}}})
		b := finder{Component: &view.Component{Snapshot: s}, failure: &trace.Failure{Finding: trace.Finding{Code: c.code, Object: pod, Container: "main", Since: created.Add(c.after)}}}
		if got := b.beginning().Sub(created); got != c.want {
			t.Errorf("%s: %v after the creation, want %v", name, got, c.want)
		}
	}
}
