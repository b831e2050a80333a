package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// oneCluster starts a cluster with all objects of a scenario, as where the control plane is the data plane.
func oneCluster(t *testing.T, scenario string, change func(*facts.Object)) *cluster {
	t.Helper()
	objects := factstest.Scenario(t, scenario).Objects()
	for i := range objects {
		if change != nil && objects[i].Outcome == facts.Found {
			objects[i].Body = objects[i].Body.DeepCopy()
			change(&objects[i])
		}
	}
	return serveObjects(t, objects)
}

const (
	imagePullCell = "dp-pod-image-pul-demo-development-6835d68f"
	imagePullPod  = "greeter-service-development-a9f97fde-77d6f44889-bx68p"
)

// rungStart is what JSON says of a rung here.
type rungStart struct {
	ID    string
	Start facts.Ref
}

// startOf traces the object of args, and returns the subject and the rungs that are marked, each with its environment.
func startOf(t *testing.T, config string, args ...string) (facts.Subject, []string) {
	t.Helper()
	stdout, stderr, exit := runIn(t, nil, append([]string{"trace", "--kubeconfig", config, "-o", "json"}, args...)...)
	var got struct {
		Subject      facts.Subject
		Rungs        []rungStart
		Environments []struct {
			Name  string
			Rungs []rungStart
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || exit == 1 {
		t.Fatalf("%s: exit %d, %v: %s", strings.Join(args, " "), exit, err, stderr)
	}
	var marked []string
	for _, r := range got.Rungs {
		if !r.Start.IsZero() {
			marked = append(marked, r.ID)
		}
	}
	for _, e := range got.Environments {
		for _, r := range e.Rungs {
			if !r.Start.IsZero() {
				marked = append(marked, r.ID+" in "+e.Name)
			}
		}
	}
	return got.Subject, marked
}

// TestTraceObject: any object leads to its component, and its rung is marked.
func TestTraceObject(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"control": oneCluster(t, "pod-image-pull", nil)})
	for args, want := range map[string]string{
		"pod/" + imagePullPod + " -n " + imagePullCell:                                       "pod in development",
		"po " + imagePullPod + " -n " + imagePullCell:                                        "pod in development",
		"pod/" + imagePullPod:                                                                "pod in development", // the only one of its name
		"deployments.apps/greeter-service-development-a9f97fde -n " + imagePullCell:          "resource in development",
		"rs/greeter-service-development-a9f97fde-54bfd4ddcb -n " + imagePullCell:             "resource in development",
		"releasebinding/greeter-service-development -n pod-image-pull":                       "binding in development",
		"renderedreleases.openchoreo.dev/greeter-service-development -n pod-image-pull":      "rendered in development",
		"renderedreleases.v1alpha1.openchoreo.dev/greeter-service-staging -n pod-image-pull": "rendered in staging",
		"componentrelease/greeter-service-20261121-2 -n pod-image-pull":                      "release in development, release in staging",
		"workload/greeter-service-workload -n pod-image-pull":                                "workload",
		"proj/demo -n pod-image-pull":                                                        "project",
		"env/development -n pod-image-pull":                                                  "environment in development",
		"ks/oc-pod-image-pull-projects -n flux-system":                                       "delivery",
		"gitrepository/oc-pod-image-pull -n flux-system":                                     "source",
		"ns/" + imagePullCell:                                                                "cell in development",
		"component/greeter-service -n pod-image-pull":                                        "",
		"component greeter-service -n pod-image-pull":                                        "",
	} {
		subject, marked := startOf(t, config, strings.Fields(args)...)
		if subject.Namespace != "pod-image-pull" || subject.Component != "greeter-service" {
			t.Errorf("%s: traced %s/%s", args, subject.Namespace, subject.Component)
		}
		if got := strings.Join(marked, ", "); got != want {
			t.Errorf("%s: marked %q, want %q", args, got, want)
		}
	}
}

// TestTraceObjectOfAFile: -f takes the objects of a manifest, also from the standard input.
func TestTraceObjectOfAFile(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"control": oneCluster(t, "pod-image-pull", nil)})
	file := filepath.Join(t.TempDir(), "manifests.yaml")
	manifests := "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: greeter-service-workload, namespace: pod-image-pull}\n---\n---\n" +
		`{"apiVersion": "openchoreo.dev/v1alpha1", "kind": "ReleaseBinding", "metadata": {"name": "greeter-service-development", "namespace": "pod-image-pull"}}`
	if err := os.WriteFile(file, []byte(manifests), 0o600); err != nil {
		t.Fatal(err)
	}
	subject, marked := startOf(t, config, "-f", file)
	list := `{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "` + imagePullPod + `", "namespace": "` + imagePullCell + `"}}]}`
	if err := os.WriteFile(file+".json", []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, marked := startOf(t, config, "-f", file+".json"); !slices.Equal(marked, []string{"pod in development"}) {
		t.Errorf("marked %s from a list", marked)
	}
	if subject.Component != "greeter-service" || len(subject.Environments) > 0 || len(marked) > 0 {
		t.Errorf("traced %+v from %s; want all environments, as a Workload is in none, and no mark, as there are two objects", subject, marked)
	}
}

// TestTraceObjectRefused: what leads to no component says why, and causes no other request.
func TestTraceObjectRefused(t *testing.T) {
	t.Parallel()
	foreign := oneCluster(t, "pod-image-pull", func(o *facts.Object) {
		switch o.Ref.Kind {
		case "Pod", "ReplicaSet":
			o.Body.SetLabels(nil)
		case "Deployment":
			o.Body.SetLabels(map[string]string{"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"})
		}
	})
	hostile := oneCluster(t, "pod-image-pull", func(o *facts.Object) {
		if o.Ref.Kind == "Pod" {
			o.Body.SetLabels(map[string]string{"openchoreo.dev/component": "../../secrets/x", "openchoreo.dev/namespace": "pod-image-pull"})
		}
	})
	config := kubeconfig(t, map[string]*cluster{"control": foreign, "hostile": hostile})
	for args, want := range map[string]string{
		"pod/nosuch -n shop":               `pods "nosuch" not found in namespace shop; use -n`,
		"pod/" + imagePullPod + " -n shop": "not found in namespace shop; it exists in namespace " + imagePullCell + ": use -n",
		"pot/x":                            `unknown kind "pot"; did you mean "pods"?`,
		"secret/x":                         `unknown kind "secret"`,
		"pod/../secrets/x":                 "invalid name",
		"deploy/greeter-service-development-a9f97fde -n " + imagePullCell: "belongs to no component of OpenChoreo; Kustomization flux-system/apps applies it",
		"pod/" + imagePullPod:                                                     "belongs to no component of OpenChoreo",
		"pod/" + imagePullPod + " --context hostile":                              "cannot use the owner of Pod " + imagePullCell + "/" + imagePullPod + `: invalid name "../../secrets/x"`,
		"releasebinding/greeter-service-development -n pod-image-pull -e staging": "is in environment development, not in staging of -e",
		"pod/x --snapshot ../../testdata/scenarios/pod-image-pull/snapshot.yaml":  "in a snapshot",
		"pod/x -f ../../testdata/scenarios/pod-image-pull/snapshot.yaml":          "cannot combine -f with a name",
		"-f ../../testdata/scenarios/pod-image-pull/snapshot.yaml":                `unknown kind "Snapshot"`,
		"-f /nonexistent": "cannot open manifest",
		"-f -":            "no object in it",
	} {
		_, stderr, exit := runIn(t, nil, append([]string{"trace", "--kubeconfig", config}, strings.Fields(args)...)...)
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, want 1: %s\nwant %q", args, exit, stderr, want)
		}
	}
}

// TestTraceObjectCost: the way from a pod to its component is one request more than a trace.
func TestTraceObjectCost(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "pod-image-pull", nil)
	config := kubeconfig(t, map[string]*cluster{"control": c})
	startOf(t, config, "greeter-service", "-n", "pod-image-pull", "-e", "development")
	plain := c.requests()
	startOf(t, config, "pod/"+imagePullPod, "-n", imagePullCell)
	if more := c.requests() - 2*plain; more != 1 {
		t.Errorf("%d requests more than the %d of a trace, want 1", more, plain)
	}
}

// TestTraceObjectIsShown: the tree names the object below its rung.
func TestTraceObjectIsShown(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"control": oneCluster(t, "pod-image-pull", nil)})
	for locale, arrow := range map[string]string{"C.UTF-8": "←", "C": "<-"} {
		stdout, stderr, exit := runIn(t, map[string]string{"LANG": locale}, "trace", "--kubeconfig", config, "pod/"+imagePullPod)
		if exit != 2 || strings.Count(stdout, "\n                           "+arrow+" Pod "+imagePullCell+"/"+imagePullPod+"\n") != 1 {
			t.Errorf("exit %d: %s%s", exit, stdout, stderr)
		}
	}
}

// TestTraceObjectOfSeveral: an object that leads to several components gives their overview, with the exit code of the worst.
func TestTraceObjectOfSeveral(t *testing.T) {
	t.Parallel()
	objects := factstest.Scenario(t, "pod-image-pull").Objects()
	for _, o := range objects {
		if o.Ref.Kind == "Component" {
			o.Ref.Name, o.Body = "second", o.Body.DeepCopy()
			o.Body.SetName("second")
			objects = append(objects, o)
		}
	}
	config := kubeconfig(t, map[string]*cluster{"control": serveObjects(t, objects)})
	args := []string{"trace", "--kubeconfig", config, "project/demo", "-n", "pod-image-pull"}
	stdout, stderr, exit := runIn(t, nil, args...)
	for _, words := range []string{"COMPONENT", "greeter-service", "second", "Failed: pod", "2 components: 2 failing"} {
		if !strings.Contains(stdout, words) {
			t.Errorf("exit %d: %q is missing in\n%s%s", exit, words, stdout, stderr)
		}
	}
	if exit != 2 {
		t.Errorf("exit %d, want 2", exit)
	}
	var report struct{ Kind string }
	stdout, _, _ = runIn(t, nil, append(args, "-o", "json")...)
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || report.Kind == "Trace" {
		t.Errorf("%v, kind %q", err, report.Kind)
	}
	for _, more := range []string{"-w", "-o=html"} {
		if _, stderr, exit := runIn(t, nil, append(args, more)...); exit != 1 || !strings.Contains(stderr, "leads to 2 components: name one of them, with -n:\n  pod-image-pull/greeter-service\n  pod-image-pull/second") {
			t.Errorf("%s: exit %d: %s", more, exit, stderr)
		}
	}
	if _, stderr, exit := runIn(t, nil, append(args, "--plane", "nosuch=control")...); exit != 1 || strings.Count(stderr, "error: ") != 1 {
		t.Errorf("exit %d: %s; want one error of the overview", exit, stderr)
	}
}
