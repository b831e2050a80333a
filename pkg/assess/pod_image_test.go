package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	appImage  = "registry.example.com/acme/greeter-service:1.0.0"
	oldImage  = "registry.example.com/acme/greeter-service:0.9.0"
	someImage = "docker.io/istio/proxyv2:1.27.0"
)

var (
	digestOne = "@sha256:" + strings.Repeat("1", 64)
	digestTwo = "@sha256:" + strings.Repeat("2", 64)
)

func (w world) deployment() facts.Object {
	w.t.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development") {
			return o
		}
	}
	w.t.Fatal("there is no Deployment in development")
	return facts.Object{}
}

// image sets that of the component's container, in the pod or in the template of a workload.
func (w world) image(o facts.Object, image string) {
	w.t.Helper()
	path := []string{"spec", "containers"}
	if o.Ref.Kind != "Pod" {
		path = []string{"spec", "template", "spec", "containers"}
	}
	list := kinds.Items(o.Body, path...)
	for i := range list {
		if list[i]["name"] == "main" {
			list[i]["image"] = image
		}
	}
}

// inject adds a container before those that a pod has, as a webhook does.
func (w world) inject(pod facts.Object, list string, extra map[string]any) {
	w.t.Helper()
	have, _, _ := unstructured.NestedSlice(pod.Body.Object, "spec", list)
	w.set(pod, append([]any{extra}, have...), "spec", list)
}

// ownedPod copies the pod of development under another owner.
func (w world) ownedPod(name, kind, owner string, labels map[string]string) facts.Object {
	w.t.Helper()
	pod := facts.Object{Ref: w.devPod().Ref, Outcome: facts.Found, Body: w.devPod().Body.DeepCopy()}
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

// render adds a workload to the release and to the plane. Its container has the name main as well.
func (w world) render(kind, group, name, image string, status map[string]any) {
	w.t.Helper()
	template := map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "main", "image": image}}}}
	spec := map[string]any{"template": template}
	if kind == "CronJob" {
		spec = map[string]any{"schedule": "0 * * * *", "jobTemplate": map[string]any{"spec": map[string]any{"template": template}}}
	}
	body := map[string]any{
		"apiVersion": group + "/v1", "kind": kind, "spec": spec,
		"metadata": map[string]any{"name": name, "namespace": w.cell("development")},
	}
	r := w.one("RenderedRelease", "greeter-service-development")
	for _, list := range []struct {
		path  string
		entry map[string]any
	}{{"spec", map[string]any{"id": name, "object": body}}, {"status", map[string]any{"id": name, "kind": kind, "status": status}}} {
		have, _, _ := unstructured.NestedSlice(r.Body.Object, list.path, "resources")
		w.set(r, append([]any{list.entry}, have...), list.path, "resources")
	}
	live := (&unstructured.Unstructured{Object: body}).DeepCopy()
	live.Object["status"] = status
	w.Put(facts.Object{
		Ref:     facts.Ref{Plane: "default", Group: group, Kind: kind, Namespace: w.cell("development"), Name: name},
		Outcome: facts.Found, Body: live,
	})
}

// rollingOut adds a second pod, of the ReplicaSet before, and both ReplicaSets.
func (w world) rollingOut() (earlier facts.Object) {
	d := w.deployment()
	w.set(d, "2", "metadata", "annotations", pods.AnnotationRevision)
	w.set(d, int64(2), "status", "replicas")
	for hash, revision := range map[string]string{kinds.Label(w.devPod().Body, pods.LabelTemplateHash): "2", "0ld": "1"} {
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
	return w.ownedPod("z-earlier", "ReplicaSet", d.Ref.Name+"-0ld", map[string]string{pods.LabelTemplateHash: "0ld"})
}

// TestPodRunsWhatWasRendered: a pod differs from what was rendered in many ways that mean nothing.
func TestPodRunsWhatWasRendered(t *testing.T) {
	t.Parallel()
	proxy := map[string]any{"name": "istio-proxy", "image": someImage}
	sidecar := map[string]any{"name": "linkerd-proxy", "image": someImage, "restartPolicy": "Always"}
	for name, c := range map[string]struct {
		change func(w world)
		want   trace.Currency
	}{
		"AsRendered":    {func(world) {}, trace.Current},
		"OlderTag":      {func(w world) { w.image(w.devPod(), oldImage) }, trace.Behind},
		"SidecarBefore": {func(w world) { w.inject(w.devPod(), "containers", proxy) }, trace.Current},
		"NativeSidecar": {func(w world) { w.inject(w.devPod(), "initContainers", sidecar) }, trace.Current},
		"InjectedInit": {func(w world) {
			w.inject(w.devPod(), "initContainers", map[string]any{"name": "istio-init", "image": someImage})
		}, trace.Current},
		"EphemeralContainer": {func(w world) {
			w.inject(w.devPod(), "ephemeralContainers", map[string]any{"name": "main", "image": "busybox"})
		}, trace.Current},
		"SidecarBeforeAnOlder": {func(w world) { w.inject(w.devPod(), "containers", proxy); w.image(w.devPod(), oldImage) }, trace.Behind},
		"SidecarOfTheSameImage": {func(w world) {
			w.inject(w.devPod(), "containers", map[string]any{"name": "agent", "image": appImage})
			w.image(w.devPod(), oldImage)
		}, trace.Behind},
		"DigestBesideTheTag": {func(w world) { w.image(w.devPod(), appImage+digestOne); w.image(w.deployment(), appImage+digestOne) }, trace.Current},
		"DigestInPlaceOfTheTagInThePod": {func(w world) {
			w.image(w.devPod(), strings.TrimSuffix(appImage, ":1.0.0")+digestOne)
		}, trace.Current},
		"DigestInPlaceOfTheTagInBoth": {func(w world) {
			w.image(w.devPod(), strings.TrimSuffix(appImage, ":1.0.0")+digestOne)
			w.image(w.deployment(), strings.TrimSuffix(appImage, ":1.0.0")+digestOne)
		}, trace.Current},
		"AnotherDigestThanTheDeployment": {func(w world) {
			w.image(w.devPod(), strings.TrimSuffix(appImage, ":1.0.0")+digestTwo)
			w.image(w.deployment(), strings.TrimSuffix(appImage, ":1.0.0")+digestOne)
			w.set(w.deployment(), int64(2), "status", "replicas")
		}, trace.Behind},
		"Mirror":                 {func(w world) { w.image(w.devPod(), "mirror.example.com/hub/acme/greeter-service:1.0.0") }, trace.Current},
		"MirrorOfAnOlder":        {func(w world) { w.image(w.devPod(), "mirror.example.com/hub/acme/greeter-service:0.9.0") }, trace.Behind},
		"OlderInTheDeployment":   {func(w world) { w.image(w.devPod(), oldImage); w.image(w.deployment(), oldImage) }, trace.Behind},
		"RenderedContainerGone":  {func(w world) { w.set(w.devPod(), []any{proxy}, "spec", "containers") }, trace.Behind},
		"EarlierReplicaSet":      {func(w world) { w.rollingOut() }, trace.Behind},
		"EarlierReplicaSetEnded": {func(w world) { w.set(w.rollingOut(), "Failed", "status", "phase") }, trace.Current},
		"PodOfAJobInTheRelease": {func(w world) {
			w.render("Job", kinds.Batch, "migrate", oldImage, map[string]any{"conditions": []any{map[string]any{"type": "Complete", "status": "True"}}})
			job := w.ownedPod("migrate-1", "Job", "migrate", nil)
			w.image(job, oldImage)
			w.set(job, "Succeeded", "status", "phase")
		}, trace.Current},
		"PodOfACronJobInTheRelease": {func(w world) {
			w.render("CronJob", kinds.Batch, "nightly", oldImage, nil)
			w.image(w.ownedPod("nightly-29390400-x", "Job", "nightly-29390400", nil), oldImage)
		}, trace.Current},
		"LastRunOfACronJobBeforeThisRelease": {func(w world) {
			w.render("CronJob", kinds.Batch, "nightly", appImage, nil)
			job := w.ownedPod("nightly-29390400-x", "Job", "nightly-29390400", nil)
			w.image(job, oldImage)
			w.set(job, "Succeeded", "status", "phase")
		}, trace.Current},
		"StatefulSetBeforeItsUpdate": {func(w world) {
			w.render("StatefulSet", kinds.Apps, "db", appImage, map[string]any{"updateRevision": "db-2", "replicas": int64(1), "readyReplicas": int64(1), "updatedReplicas": int64(1)})
			w.ownedPod("db-0", "StatefulSet", "db", map[string]string{pods.LabelRevisionHash: "db-1"})
		}, trace.Behind},
		"StatefulSetUpdated": {func(w world) {
			w.render("StatefulSet", kinds.Apps, "db", appImage, map[string]any{"updateRevision": "db-2", "replicas": int64(1), "readyReplicas": int64(1), "updatedReplicas": int64(1)})
			w.ownedPod("db-0", "StatefulSet", "db", map[string]string{pods.LabelRevisionHash: "db-2"})
		}, trace.Current},
		"DaemonSet": {func(w world) {
			w.render("DaemonSet", kinds.Apps, "agent", oldImage, map[string]any{"currentNumberScheduled": int64(1), "updatedNumberScheduled": int64(1)})
			w.image(w.ownedPod("agent-x", "DaemonSet", "agent", map[string]string{pods.LabelRevisionHash: "x"}), oldImage)
		}, trace.Current},
		"CopyOfTheDeploymentByAnOperator": {func(w world) {
			w.ownedPod("primary", "ReplicaSet", "greeter-primary-abc", map[string]string{pods.LabelTemplateHash: "abc"})
		}, trace.Current},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			if got := podRung(t, Assess(w.Snapshot, w.TakenAt)).Current; got != c.want {
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
	for name, c := range map[string]struct {
		change         func(w world)
		image, summary string
	}{
		"OnePod":   {func(world) {}, appImage, "1 running greeter-service:1.0.0"},
		"OlderTag": {func(w world) { w.image(w.devPod(), oldImage) }, oldImage, "1 running greeter-service:0.9.0"},
		"Sidecar": {func(w world) {
			w.inject(w.devPod(), "containers", map[string]any{"name": "istio-proxy", "image": someImage})
		}, appImage, "1 running greeter-service:1.0.0"},
		"Digest": {func(w world) {
			w.image(w.devPod(), strings.TrimSuffix(appImage, ":1.0.0")+digestOne)
		}, "registry.example.com/acme/greeter-service" + digestOne, "1 running greeter-service@sha256:111111111111"},
		"TwoImages": {func(w world) { w.image(w.rollingOut(), oldImage) }, oldImage, "2 running greeter-service:0.9.0 and greeter-service:1.0.0"},
		"NewPodCannotPull": {func(w world) {
			earlier := w.rollingOut()
			w.image(earlier, oldImage)
			w.waiting("ImagePullBackOff")
		}, oldImage, "ImagePullBackOff (1 of 2 pods); greeter-service:0.9.0 runs"},
		"NothingRuns": {func(w world) { w.waiting("ImagePullBackOff") }, "", "ImagePullBackOff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff([]string{c.image, c.summary}, []string{got.Environments[0].Image, podRung(t, got).Summary}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
