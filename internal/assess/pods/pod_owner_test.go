package pods

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// labelled is an object on a data plane with these labels.
func labelled(group, kind, name string, labels map[string]string) facts.Object {
	o := facts.Object{
		Ref:     facts.Ref{Plane: "default", Group: group, Kind: kind, Namespace: "dp", Name: name},
		Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{}},
	}
	o.Body.SetLabels(labels)
	return o
}

func withStatus(o facts.Object, generation int64, status map[string]any) facts.Object {
	o.Body.SetGeneration(generation)
	o.Body.Object["status"] = status
	return o
}

// TestMadeBy: the names that controllers give to what they create, and the labels with the hash of a template.
func TestMadeBy(t *testing.T) {
	t.Parallel()
	const template, rollout = LabelTemplateHash, labelRolloutHash
	for name, c := range map[string]struct {
		labels               map[string]string
		ownerKind, ownerName string
		kind, workload       string
		want                 bool
	}{
		"Deployment":            {map[string]string{template: "abc"}, "ReplicaSet", "web-abc", "Deployment", "web", true},
		"OtherHash":             {map[string]string{template: "abd"}, "ReplicaSet", "web-abc", "Deployment", "web", false},
		"LongerName":            {map[string]string{template: "abc"}, "ReplicaSet", "web-primary-abc", "Deployment", "web", false},
		"WithoutHash":           {nil, "ReplicaSet", "web-abc", "Deployment", "web", false},
		"ReplicaSetItself":      {nil, "ReplicaSet", "web", "ReplicaSet", "web", true},
		"Rollout":               {map[string]string{rollout: "abc"}, "ReplicaSet", "web-abc", "Rollout", "web", true},
		"RolloutByOtherLabel":   {map[string]string{template: "abc"}, "ReplicaSet", "web-abc", "Rollout", "web", false},
		"DeploymentOfARollout":  {map[string]string{rollout: "abc"}, "ReplicaSet", "web-abc", "Deployment", "web", false},
		"CronJob":               {nil, "Job", "nightly-29390400", "CronJob", "nightly", true},
		"CronJobWithoutMinute":  {nil, "Job", "nightly-", "CronJob", "nightly", false},
		"JobOfThatName":         {nil, "Job", "nightly-manual", "CronJob", "nightly", false},
		"JobOfALongerCronJob":   {nil, "Job", "nightly-eu-29390400", "CronJob", "nightly", false},
		"Job":                   {nil, "Job", "migrate", "Job", "migrate", true},
		"JobWithMinute":         {nil, "Job", "migrate-29390400", "Job", "migrate", false},
		"StatefulSet":           {nil, "StatefulSet", "db", "StatefulSet", "db", true},
		"OtherStatefulSet":      {nil, "StatefulSet", "db2", "StatefulSet", "db", false},
		"SameNameOfAnotherKind": {nil, "StatefulSet", "db", "DaemonSet", "db", false},
	} {
		pod := labelled("", "Pod", "p", c.labels)
		owner := metav1.OwnerReference{Kind: c.ownerKind, Name: c.ownerName}
		if got := madeBy(pod, owner, facts.Ref{Kind: c.kind, Name: c.workload}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestRevisionOf: the status of each kind that shows which pods are of the present template. A status of an older generation shows nothing.
func TestRevisionOf(t *testing.T) {
	t.Parallel()
	type status = map[string]any
	for name, c := range map[string]struct {
		workload facts.Object
		label    string // with the hash "b"
		want     revision
	}{
		"Rollout":             {withStatus(labelled(kinds.ArgoCD, "Rollout", "w", nil), 1, status{"observedGeneration": "1", "currentPodHash": "b"}), labelRolloutHash, revisionPresent},
		"RolloutBefore":       {withStatus(labelled(kinds.ArgoCD, "Rollout", "w", nil), 1, status{"observedGeneration": "1", "currentPodHash": "c"}), labelRolloutHash, revisionEarlier},
		"RolloutWithoutHash":  {withStatus(labelled(kinds.ArgoCD, "Rollout", "w", nil), 1, status{"observedGeneration": "1"}), labelRolloutHash, revisionUnknown},
		"RolloutNotObserved":  {withStatus(labelled(kinds.ArgoCD, "Rollout", "w", nil), 2, status{"observedGeneration": "1", "currentPodHash": "c"}), labelRolloutHash, revisionUnknown},
		"StatefulSet":         {withStatus(labelled(kinds.Apps, "StatefulSet", "w", nil), 1, status{"observedGeneration": int64(1), "updateRevision": "b"}), LabelRevisionHash, revisionPresent},
		"StatefulSetBefore":   {withStatus(labelled(kinds.Apps, "StatefulSet", "w", nil), 1, status{"observedGeneration": int64(1), "updateRevision": "c"}), LabelRevisionHash, revisionEarlier},
		"StatefulSetOld":      {withStatus(labelled(kinds.Apps, "StatefulSet", "w", nil), 2, status{"observedGeneration": int64(1), "updateRevision": "c"}), LabelRevisionHash, revisionUnknown},
		"DaemonSet":           {withStatus(labelled(kinds.Apps, "DaemonSet", "w", nil), 1, status{"observedGeneration": int64(1), "currentNumberScheduled": int64(2), "updatedNumberScheduled": int64(2)}), LabelRevisionHash, revisionPresent},
		"DaemonSetUnderWay":   {withStatus(labelled(kinds.Apps, "DaemonSet", "w", nil), 1, status{"observedGeneration": int64(1), "currentNumberScheduled": int64(2), "updatedNumberScheduled": int64(1)}), LabelRevisionHash, revisionUnknown},
		"DaemonSetUncounted":  {withStatus(labelled(kinds.Apps, "DaemonSet", "w", nil), 1, status{"observedGeneration": int64(1), "currentNumberScheduled": int64(2)}), LabelRevisionHash, revisionUnknown},
		"Job":                 {withStatus(labelled(kinds.Batch, "Job", "w", nil), 1, status{"observedGeneration": int64(1)}), LabelRevisionHash, revisionUnknown},
		"WorkloadIsNotThere":  {facts.Object{Ref: facts.Ref{Kind: "StatefulSet"}, Outcome: facts.Absent}, LabelRevisionHash, revisionUnknown},
		"WorkloadIsForbidden": {facts.Object{Ref: facts.Ref{Kind: "DaemonSet"}, Outcome: facts.Forbidden}, LabelRevisionHash, revisionUnknown},
	} {
		if got := revisionOf(nil, labelled("", "Pod", "p", map[string]string{c.label: "b"}), c.workload); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestIsReplaced: a Rollout has promoted the wanted revision, and this pod is of another one.
func TestIsReplaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, wanted, stable, hash string
		want                       bool
	}{
		"Replaced":    {"Rollout", "b", "b", "a", true},
		"Promoted":    {"Rollout", "b", "b", "b", false},
		"NotPromoted": {"Rollout", "b", "a", "a", false},
		"NoHash":      {"Rollout", "b", "b", "", false},
		"NoneWanted":  {"Rollout", "", "", "a", false},
		"Deployment":  {"Deployment", "b", "b", "a", false},
	} {
		workload := withStatus(labelled(kinds.ArgoCD, c.kind, "w", nil), 1, map[string]any{"currentPodHash": c.wanted, "stableRS": c.stable})
		if got := isReplaced(labelled("", "Pod", "p", map[string]string{labelRolloutHash: c.hash}), workload); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if isReplaced(labelled("", "Pod", "p", nil), facts.Object{Ref: facts.Ref{Kind: "Rollout"}, Outcome: facts.Absent}) {
		t.Error("a Rollout that does not exist replaces nothing")
	}
}

// TestControllerOf: an object may have owners beside its controller.
func TestControllerOf(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	pod := labelled("", "Pod", "p", nil)
	for want, owners := range map[string][]metav1.OwnerReference{
		"":     {{Name: "unset"}, {Name: "other", Controller: &no}},
		"real": {{Name: "other", Controller: &no}, {Name: "real", Controller: &yes}},
	} {
		pod.Body.SetOwnerReferences(owners)
		if got := controllerOf(pod).Name; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := controllerOf(facts.Object{}); got.Name != "" {
		t.Errorf("nothing has the controller %q", got.Name)
	}
}

// TestTemplateContainers: a CronJob has its template deeper; sidecars are init containers.
func TestTemplateContainers(t *testing.T) {
	t.Parallel()
	spec := map[string]any{"containers": []any{map[string]any{"name": "main"}, "no object"}, "initContainers": []any{map[string]any{"name": "proxy"}}}
	template := map[string]any{"template": map[string]any{"spec": spec}}
	for name, workload := range map[string]map[string]any{
		"Deployment": {"spec": template}, "CronJob": {"spec": map[string]any{"jobTemplate": map[string]any{"spec": template}}},
	} {
		got := templateContainers(workload)
		if len(got) != 2 || got[0]["name"] != "main" || got[1]["name"] != "proxy" {
			t.Errorf("%s: %v", name, got)
		}
		if !namesAll(got, got[:1]) || namesAll(got[:1], got) || containerNamed(got, "other") != nil {
			t.Errorf("%s: the names of containers are not compared", name)
		}
	}
	if got := templateContainers(map[string]any{"spec": map[string]any{"ports": []any{}}}); got != nil {
		t.Errorf("a Service has the containers %v", got)
	}
}
