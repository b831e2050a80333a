package pods_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// inject adds a container before those that a pod has, as a webhook does.
func inject(w assesstest.World, pod facts.Object, list string, extra map[string]any) {
	w.T.Helper()
	have, _, _ := unstructured.NestedSlice(pod.Body.Object, "spec", list)
	w.Set(pod, append([]any{extra}, have...), "spec", list)
}

// ownedPod copies the pod of development under another owner.
func ownedPod(w assesstest.World, name, kind, owner string, labels map[string]string) facts.Object {
	w.T.Helper()
	pod := facts.Object{Ref: w.DevPod().Ref, Outcome: facts.Found, Body: w.DevPod().Body.DeepCopy()}
	pod.Ref.Name = name
	pod.Body.SetName(name)
	refs := pod.Body.GetOwnerReferences()
	refs[0].Kind, refs[0].Name, refs[0].UID = kind, owner, "other"
	pod.Body.SetOwnerReferences(refs)
	all := pod.Body.GetLabels()
	delete(all, pods.LabelTemplateHash)
	for key, value := range labels {
		all[key] = value
	}
	pod.Body.SetLabels(all)
	w.Put(pod)
	return pod
}

// rollingOut adds a second pod, of the ReplicaSet before, and both ReplicaSets.
func rollingOut(w assesstest.World) (earlier facts.Object) {
	d := w.Deployment()
	w.Set(d, "2", "metadata", "annotations", pods.AnnotationRevision)
	w.Set(d, int64(2), "status", "replicas")
	for hash, revision := range map[string]string{kinds.Label(w.DevPod().Body, pods.LabelTemplateHash): "2", "0ld": "1"} {
		w.Put(facts.Object{
			Ref:     facts.Ref{Plane: "default", Group: kinds.Apps, Kind: "ReplicaSet", Namespace: d.Ref.Namespace, Name: d.Ref.Name + "-" + hash},
			Outcome: facts.Found,
			Body: &unstructured.Unstructured{Object: map[string]any{"kind": "ReplicaSet", "metadata": map[string]any{
				"name": d.Ref.Name + "-" + hash, "namespace": d.Ref.Namespace, "labels": map[string]any{pods.LabelTemplateHash: hash},
				"annotations":     map[string]any{pods.AnnotationRevision: revision},
				"ownerReferences": []any{map[string]any{"kind": "Deployment", "name": d.Ref.Name, "uid": string(d.Body.GetUID()), "controller": true}},
			}}},
		})
	}
	return ownedPod(w, "z-earlier", "ReplicaSet", d.Ref.Name+"-0ld", map[string]string{pods.LabelTemplateHash: "0ld"})
}

type podImageCase struct {
	change func(w assesstest.World)
	want   trace.Currency
}

// The containers that meshes inject.
var (
	istioProxy   = map[string]any{"name": "istio-proxy", "image": assesstest.SomeImage}
	linkerdProxy = map[string]any{"name": "linkerd-proxy", "image": assesstest.SomeImage, "restartPolicy": "Always"}
)

var podImageCases = map[string]podImageCase{
	"AsRendered":    {func(assesstest.World) {}, trace.Current},
	"OlderTag":      {func(w assesstest.World) { w.Image(w.DevPod(), assesstest.OldImage) }, trace.Behind},
	"SidecarBefore": {func(w assesstest.World) { inject(w, w.DevPod(), "containers", istioProxy) }, trace.Current},
	"NativeSidecar": {func(w assesstest.World) { inject(w, w.DevPod(), "initContainers", linkerdProxy) }, trace.Current},
	"InjectedInit": {func(w assesstest.World) {
		inject(w, w.DevPod(), "initContainers", map[string]any{"name": "istio-init", "image": assesstest.SomeImage})
	}, trace.Current},
	"EphemeralContainer": {func(w assesstest.World) {
		inject(w, w.DevPod(), "ephemeralContainers", map[string]any{"name": "main", "image": "busybox"})
	}, trace.Current},
	"SidecarBeforeAnOlder": {func(w assesstest.World) {
		inject(w, w.DevPod(), "containers", istioProxy)
		w.Image(w.DevPod(), assesstest.OldImage)
	}, trace.Behind},
	"SidecarOfTheSameImage": {func(w assesstest.World) {
		inject(w, w.DevPod(), "containers", map[string]any{"name": "agent", "image": assesstest.AppImage})
		w.Image(w.DevPod(), assesstest.OldImage)
	}, trace.Behind},
	"DigestBesideTheTag": {func(w assesstest.World) {
		w.Image(w.DevPod(), assesstest.AppImage+assesstest.DigestOne)
		w.Image(w.Deployment(), assesstest.AppImage+assesstest.DigestOne)
	}, trace.Current},
	"DigestInPlaceOfTheTagInThePod": {func(w assesstest.World) {
		w.Image(w.DevPod(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestOne)
	}, trace.Current},
	"DigestInPlaceOfTheTagInBoth": {func(w assesstest.World) {
		w.Image(w.DevPod(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestOne)
		w.Image(w.Deployment(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestOne)
	}, trace.Current},
	"AnotherDigestThanTheDeployment": {func(w assesstest.World) {
		w.Image(w.DevPod(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestTwo)
		w.Image(w.Deployment(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestOne)
		w.Set(w.Deployment(), int64(2), "status", "replicas")
	}, trace.Behind},
	"Mirror":          {func(w assesstest.World) { w.Image(w.DevPod(), "mirror.example.com/hub/acme/greeter-service:1.0.0") }, trace.Current},
	"MirrorOfAnOlder": {func(w assesstest.World) { w.Image(w.DevPod(), "mirror.example.com/hub/acme/greeter-service:0.9.0") }, trace.Behind},
	"OlderInTheDeployment": {func(w assesstest.World) {
		w.Image(w.DevPod(), assesstest.OldImage)
		w.Image(w.Deployment(), assesstest.OldImage)
	}, trace.Behind},
	"RenderedContainerGone":  {func(w assesstest.World) { w.Set(w.DevPod(), []any{istioProxy}, "spec", "containers") }, trace.Behind},
	"EarlierReplicaSet":      {func(w assesstest.World) { rollingOut(w) }, trace.Behind},
	"EarlierReplicaSetEnded": {func(w assesstest.World) { w.Set(rollingOut(w), "Failed", "status", "phase") }, trace.Current},
	"PodOfAJobInTheRelease": {func(w assesstest.World) {
		w.Render("Job", kinds.Batch, "migrate", assesstest.OldImage, map[string]any{"conditions": []any{map[string]any{"type": "Complete", "status": "True"}}})
		job := ownedPod(w, "migrate-1", "Job", "migrate", nil)
		w.Image(job, assesstest.OldImage)
		w.Set(job, "Succeeded", "status", "phase")
	}, trace.Current},
	"PodOfACronJobInTheRelease": {func(w assesstest.World) {
		w.Render("CronJob", kinds.Batch, "nightly", assesstest.OldImage, nil)
		w.Image(ownedPod(w, "nightly-29390400-x", "Job", "nightly-29390400", nil), assesstest.OldImage)
	}, trace.Current},
	"LastRunOfACronJobBeforeThisRelease": {func(w assesstest.World) {
		w.Render("CronJob", kinds.Batch, "nightly", assesstest.AppImage, nil)
		job := ownedPod(w, "nightly-29390400-x", "Job", "nightly-29390400", nil)
		w.Image(job, assesstest.OldImage)
		w.Set(job, "Succeeded", "status", "phase")
	}, trace.Current},
	"StatefulSetBeforeItsUpdate": {func(w assesstest.World) {
		w.Render("StatefulSet", kinds.Apps, "db", assesstest.AppImage, map[string]any{"updateRevision": "db-2", "replicas": int64(1), "readyReplicas": int64(1), "updatedReplicas": int64(1)})
		ownedPod(w, "db-0", "StatefulSet", "db", map[string]string{pods.LabelRevisionHash: "db-1"})
	}, trace.Behind},
	"StatefulSetUpdated": {func(w assesstest.World) {
		w.Render("StatefulSet", kinds.Apps, "db", assesstest.AppImage, map[string]any{"updateRevision": "db-2", "replicas": int64(1), "readyReplicas": int64(1), "updatedReplicas": int64(1)})
		ownedPod(w, "db-0", "StatefulSet", "db", map[string]string{pods.LabelRevisionHash: "db-2"})
	}, trace.Current},
	"DaemonSet": {func(w assesstest.World) {
		w.Render("DaemonSet", kinds.Apps, "agent", assesstest.OldImage, map[string]any{"currentNumberScheduled": int64(1), "updatedNumberScheduled": int64(1)})
		w.Image(ownedPod(w, "agent-x", "DaemonSet", "agent", map[string]string{pods.LabelRevisionHash: "x"}), assesstest.OldImage)
	}, trace.Current},
	"CopyOfTheDeploymentByAnOperator": {func(w assesstest.World) {
		ownedPod(w, "primary", "ReplicaSet", "greeter-primary-abc", map[string]string{pods.LabelTemplateHash: "abc"})
	}, trace.Current},
}

// TestPodRunsWhatWasRendered: a pod differs from what was rendered in many ways that mean nothing.
func TestPodRunsWhatWasRendered(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range podImageCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			if got := podRung(t, assess.Assess(w.Snapshot, w.TakenAt)).Current; got != c.want {
				t.Errorf("pod rung is current: %d, want %d", got, c.want)
			}
		})
	}
}

func podRung(t *testing.T, got *trace.Trace) trace.Rung {
	t.Helper()
	for _, r := range got.Environments[0].Rungs {
		if r.ID == trace.RungPod {
			return r
		}
	}
	t.Fatal("there is no pod rung")
	return trace.Rung{}
}

// TestRunningImage: what runs is shown, not what was wanted.
func TestRunningImage(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		change         func(w assesstest.World)
		image, summary string
	}{
		"OnePod":   {func(assesstest.World) {}, assesstest.AppImage, "1 running greeter-service:1.0.0"},
		"OlderTag": {func(w assesstest.World) { w.Image(w.DevPod(), assesstest.OldImage) }, assesstest.OldImage, "1 running greeter-service:0.9.0"},
		"Sidecar": {func(w assesstest.World) {
			inject(w, w.DevPod(), "containers", map[string]any{"name": "istio-proxy", "image": assesstest.SomeImage})
		}, assesstest.AppImage, "1 running greeter-service:1.0.0"},
		"Digest": {func(w assesstest.World) {
			w.Image(w.DevPod(), strings.TrimSuffix(assesstest.AppImage, ":1.0.0")+assesstest.DigestOne)
		}, "registry.example.com/acme/greeter-service" + assesstest.DigestOne, "1 running greeter-service@sha256:111111111111"},
		"TwoImages": {func(w assesstest.World) { w.Image(rollingOut(w), assesstest.OldImage) }, assesstest.OldImage, "2 running greeter-service:0.9.0 and greeter-service:1.0.0"},
		"NewPodCannotPull": {func(w assesstest.World) {
			earlier := rollingOut(w)
			w.Image(earlier, assesstest.OldImage)
			w.Waiting("ImagePullBackOff")
		}, assesstest.OldImage, "ImagePullBackOff (1 of 2 pods); greeter-service:0.9.0 runs"},
		"NothingRuns": {func(w assesstest.World) { w.Waiting("ImagePullBackOff") }, "", "ImagePullBackOff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff([]string{c.image, c.summary}, []string{got.Environments[0].Image, podRung(t, got).Summary}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
