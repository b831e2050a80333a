package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/release"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pinned is the release that development runs.
func pinned(w assesstest.World) facts.Object {
	return w.Object(w.Development().Ref("ComponentRelease", w.Development().ReleaseName()))
}

// autoDeploys has OpenChoreo deploy the component itself, with a name of its newest release.
func autoDeploys(w assesstest.World, newest string) {
	c := w.One("Component", "greeter-service")
	w.Set(c, true, "spec", "autoDeploy")
	w.Set(c, newest, "status", "latestRelease", "name")
}

// TestReleaseLines: the state and the findings of the release of development.
func TestReleaseLines(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	name := pinned(healthy).Ref.Name
	binding := healthy.Development().Binding.Ref
	for test, c := range map[string]struct {
		change   func(assesstest.World)
		lines    []string
		replaces bool

		environment string // development, if it is empty
	}{
		"Healthy": {func(assesstest.World) {}, []string{"OK " + name + ", same as the workload"}, false, ""},
		"NotPinned": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.Development().Binding.Body.Object, "spec", "releaseName")
		}, []string{"Failed the ReleaseBinding names none", "error ReleaseNotPinned of ReleaseBinding " + binding.Name + ": spec.releaseName is not set"}, false, ""},
		"OfAnEarlierType": {func(w assesstest.World) {
			w.Set(w.One("ClusterComponentType", "service"), "changed", "spec", "workloadType")
		}, []string{"OK " + name + ", same as the workload", "warning ReleaseOutdated of ComponentRelease " + name + ": ClusterComponentType service changed since " + name + " was created"}, false, ""},
		"OfAnEarlierTypeElsewhere": {func(w assesstest.World) {
			w.Set(w.One("ClusterComponentType", "service"), "changed", "spec", "workloadType")
		}, []string{"OK " + name + ", same as the workload", "info ReleaseOutdated of ComponentRelease " + name + ": ClusterComponentType service changed since " + name + " was created"}, false, "staging"},
		"OfATypeThatIsNotRead": {func(w assesstest.World) { w.Answer(w.One("ClusterComponentType", "service"), facts.Forbidden) }, []string{"OK " + name + ", same as the workload"}, false, ""},
		"OfATypeThatItDoesNotHold": {func(w assesstest.World) {
			w.Set(w.One("ClusterComponentType", "service"), "changed", "spec", "workloadType")
			unstructured.RemoveNestedField(pinned(w).Body.Object, "spec", "componentType", "spec")
		}, []string{"OK " + name + ", same as the workload"}, false, ""},
		"SetByGitAndOpenChoreo": {func(w assesstest.World) {
			autoDeploys(w, "greeter-service-9")
		}, []string{"OK " + name + ", same as the workload", "warning TwoMasters of ReleaseBinding " + binding.Name + ": autoDeploy sets greeter-service-9, but Git also sets spec.releaseName of " + binding.String()}, false, ""},
		"SetByOpenChoreo": {func(w assesstest.World) { autoDeploys(w, name) }, []string{"OK " + name + ", same as the workload"}, false, ""},
		"AutoDeployIsDue": {func(w assesstest.World) {
			autoDeploys(w, name)
			w.Set(w.One("Workload", ""), "registry.example.com/acme/greeter-service:9", "spec", "container", "image")
			w.Set(w.One("Workload", ""), w.Ago(time.Second), "metadata", "creationTimestamp")
		}, []string{"Progressing " + name + "; autoDeploy creates and deploys the next release"}, true, ""},
	} {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			p := w.Development()
			if c.environment != "" {
				p = w.Component().EnvironmentOf(c.environment)
			}
			j := release.AssessRelease(p)
			lines := assesstest.Lines(j.Rung)
			if c.replaces { // the findings are those of release_workload_test.go
				lines = lines[:1]
			}
			if diff := cmp.Diff(c.lines, lines); diff != "" || j.ReplacesBelow != c.replaces {
				t.Errorf("replaces %t, want %t; (-want +got)\n%s", j.ReplacesBelow, c.replaces, diff)
			}
		})
	}
}

// TestRunningImageIsNamed: pods may still run another image than that of the release.
func TestRunningImageIsNamed(t *testing.T) {
	t.Parallel()
	for running, want := range map[string]string{
		"registry.example.com/acme/greeter-service:0": "runs :0, but the Workload has :9",
		"registry.example.com/acme/greeter-service:9": "runs :1, but the Workload has :9", // what the Workload has is on its way; the release has another
	} {
		w := assesstest.Healthy(t)
		image := func(o facts.Object, image string, path ...string) { w.Set(o, image, path...) }
		image(w.One("Workload", ""), "registry.example.com/acme/greeter-service:9", "spec", "container", "image")
		image(pinned(w), "registry.example.com/acme/greeter-service:1", "spec", "workload", "container", "image")
		for _, pod := range w.Development().Pods() {
			containers, _, _ := unstructured.NestedSlice(pod.Body.Object, "spec", "containers")
			for i := range containers {
				containers[i].(map[string]any)["image"] = running
			}
			w.Set(pod, containers, "spec", "containers")
		}
		var all []string
		for _, f := range release.AssessRelease(w.Development()).Findings {
			all = append(all, f.Message)
		}
		if got := strings.Join(all, "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", running, got, want)
		}
	}
}
