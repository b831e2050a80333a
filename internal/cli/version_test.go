package cli

import (
	"encoding/json"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/versions"
)

// deployment is that of a controller. Without a version it carries no label.
func deployment(c kinds.Controller, version, image string) facts.Object {
	body := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"namespace": c.Namespace, "name": c.Deployment},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"image": image}}}}},
	}}
	if version != "" {
		body.SetLabels(map[string]string{"app.kubernetes.io/version": version})
	}
	return facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment}, Outcome: facts.Found, Body: body}
}

// elsewhere is a Deployment in a namespace of its own, with another name, and with the labels of what it is part of.
func elsewhere(o facts.Object, partOf string) facts.Object {
	body := o.Body.DeepCopy()
	labels := body.GetLabels()
	labels["app.kubernetes.io/component"], labels["app.kubernetes.io/part-of"] = o.Ref.Name, partOf
	body.SetLabels(labels)
	body.SetNamespace("gitops")
	body.SetName("my-" + o.Ref.Name)
	o.Ref.Namespace, o.Ref.Name, o.Body = "gitops", "my-"+o.Ref.Name, body
	return o
}

func TestVersionOfTheCluster(t *testing.T) {
	t.Parallel()
	openchoreo := deployment(kinds.OpenChoreoController(), "v1.2.3", "ghcr.io/openchoreo/controller:v1.2.3")
	installed := deployment(flux.Sources{}.Properties().Controller, "v2.9.4", "ghcr.io/fluxcd/source-controller:v1.9.2")
	for name, c := range map[string]struct {
		objects []facts.Object
		refused string
		want    string
	}{
		"Both":      {[]facts.Object{openchoreo, installed}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux v2.9.4 (ghcr.io/fluxcd/source-controller:v1.9.2)\n"},
		"Elsewhere": {[]facts.Object{openchoreo, elsewhere(installed, "flux"), elsewhere(openchoreo, "openchoreo")}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux v2.9.4 (ghcr.io/fluxcd/source-controller:v1.9.2)\n"},
		"OfOthers":  {[]facts.Object{openchoreo, elsewhere(installed, "gitops")}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux not seen: Deployment flux-system/source-controller not found\n"},
		"NoFlux":    {[]facts.Object{openchoreo}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux not seen: Deployment flux-system/source-controller not found\n"},
		"NoLabel":   {[]facts.Object{openchoreo, deployment(flux.Sources{}.Properties().Controller, "", "me/source-controller:dev")}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux of an unknown version (me/source-controller:dev)\n"},
		"Refused":   {[]facts.Object{openchoreo, installed}, "deployments", "OpenChoreo and Flux not seen: deployments is forbidden: User \"nemo\" cannot list resource \"deployments\"\n"},
		"Hostile":   {[]facts.Object{openchoreo, deployment(flux.Sources{}.Properties().Controller, "", "a\x1b[2J")}, "", "OpenChoreo v1.2.3 (ghcr.io/openchoreo/controller:v1.2.3)\nFlux of an unknown version (a\\x1b[2J)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serveObjects(t, c.objects)
			server.refused = c.refused
			stdout, stderr, exit := runIn(t, nil, "version", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": server}))
			client, seen, _ := strings.Cut(stdout, "\n")
			if exit != 0 || stderr != "" || !strings.HasPrefix(client, "kubectl-choreo ") {
				t.Errorf("exit %d, stderr %q, first line %q", exit, stderr, client)
			}
			if diff := cmp.Diff(c.want, seen); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestVersionAsData(t *testing.T) {
	t.Parallel()
	c := serveObjects(t, []facts.Object{deployment(kinds.OpenChoreoController(), "v1.2.3", "openchoreo:v1.2.3")})
	stdout, _, exit := runIn(t, nil, "version", "-o", "json", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}))
	var got struct {
		APIVersion, Kind string
		versions.Version
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || exit != 0 {
		t.Fatalf("exit %d, %v\n%s", exit, err, stdout)
	}
	if got.APIVersion != printers.APIVersion || got.Kind != "Version" || got.Client.Version == "" || got.Client.Go == "" || got.Client.Platform == "" {
		t.Errorf("no identity: %+v", got)
	}
	if diff := cmp.Diff(&versions.Controller{Version: "v1.2.3", Image: "openchoreo:v1.2.3"}, got.OpenChoreo); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Flux == nil || got.Flux.Error == "" || got.Flux.Version != "" {
		t.Errorf("no reason why Flux is not seen: %+v", got.Flux)
	}
}

// TestVersionOfTheClientAsksNobody, and a cluster that is not there is no failure.
func TestVersionOfTheClientAsksNobody(t *testing.T) {
	t.Parallel()
	c := serveObjects(t, nil)
	config := kubeconfig(t, map[string]*cluster{"control": c})
	stdout, stderr, exit := runIn(t, nil, "version", "--client", "--kubeconfig", config)
	if exit != 0 || stderr != "" || strings.Count(stdout, "\n") != 1 || c.requests() != 0 {
		t.Errorf("exit %d, %d requests\n%s%s", exit, c.requests(), stdout, stderr)
	}
	stdout, stderr, exit = runIn(t, nil, "version", "--kubeconfig", config, "--context", "nowhere")
	if exit != 0 || stderr != "" || !strings.Contains(stdout, `OpenChoreo and Flux not seen: cannot read kubeconfig: context "nowhere" does not exist`) {
		t.Errorf("exit %d\n%s%s", exit, stdout, stderr)
	}
}

// TestVersionWithoutACluster: where no cluster is configured, it says so, and sends no request to port 8080 of this machine.
func TestVersionWithoutACluster(t *testing.T) {
	t.Parallel()
	stdout, stderr, exit := runIn(t, map[string]string{"HOME": t.TempDir()}, "version", "--kubeconfig", os.DevNull)
	want := "OpenChoreo and Flux not seen: cannot find a cluster: kubeconfig " + os.DevNull + " names none; use --kubeconfig or set KUBECONFIG\n"
	if _, seen, _ := strings.Cut(stdout, "\n"); exit != 0 || stderr != "" || seen != want {
		t.Errorf("exit %d, %q, want %q; %s", exit, seen, want, stderr)
	}
}

// TestVersionDoesNotHang on a server that takes connections and says nothing.
func TestVersionDoesNotHang(t *testing.T) {
	t.Parallel()
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	stdout, _, exit := runIn(t, nil, "version", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": {url: "http://" + silent.Addr().String()}}), "--request-timeout", "100ms")
	if exit != 0 || !strings.Contains(stdout, "OpenChoreo not seen: ") || !strings.Contains(stdout, "Flux not seen: ") {
		t.Errorf("exit %d\n%s", exit, stdout)
	}
}
