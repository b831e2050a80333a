package operators

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// objects: with a kubeconfig of the control plane alone, an object of the plane leads to its component through the API, and the trace
// equals that with a context. What both cost is logged.
func objects(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	both, control := bothClusters(t), shared.Lab.Kubeconfig("")
	through := []string{"--plane", remote + "=openchoreo", "--openchoreo-api", addressOf(addon.OpenAPI)}
	await(ctx, t, func() error {
		r := shared.RunPlain(ctx, t, control, append([]string{"trace", "unpulled", "-n", namespace, "-o", "json"}, through...)...)
		return finds(r, "ImagePullBackOff")
	})
	t.Log("| command | with a context | through the API |")
	for _, of := range [][2]string{{"unpulled", "pods"}, {"unpulled", "deployments"}, {"well", "pods"}, {"greeter-service", "httproutes"}, {"greeter-service", "services"}} {
		cell, object := onlyOn(ctx, t, namespace, of[0], of[1])
		args := []string{"trace", object, "-n", cell, "-o", "json", "-v=6"}
		direct, spent := measured(ctx, t, both, append(args, "--plane", remote+"="+remote)...)
		api, spentThrough := measured(ctx, t, control, append(args, through...)...)
		if diff := cmp.Diff(rungs(t, direct), rungs(t, api)); diff != "" || direct.Exit != api.Exit || !strings.Contains(api.Stdout, fmt.Sprintf(`"component": %q`, of[0])) {
			t.Errorf("%s: exit %d with a context, %d through the API; rungs (-context +API)\n%s", object, direct.Exit, api.Exit, diff)
		}
		t.Logf("| trace %s of %s | %s | %s |", of[1], of[0], spent, spentThrough)
	}
	cell, object := onlyOn(ctx, t, namespace, "well", "replicasets")
	r := shared.RunPlain(ctx, t, control, append([]string{"trace", object, "-n", cell}, through...)...)
	if r.Exit != 1 || !strings.Contains(r.Stderr, "by its name it may be of component well in environment development; use these instead") {
		t.Errorf("%s: exit %d\n%s%s", object, r.Exit, r.Stdout, r.Stderr)
	}
}

// measured runs the program with -v=6, and returns how many requests it sent and how long it took.
func measured(ctx context.Context, t *testing.T, kubeconfig string, args ...string) (r suite.Result, spent string) {
	t.Helper()
	begin := time.Now()
	r = shared.RunPlain(ctx, t, kubeconfig, args...)
	return r, fmt.Sprintf("%d requests, %.2f s", strings.Count(r.Stderr, `"Response" verb=`), time.Since(begin).Seconds())
}

// onlyOn returns the object of a kind that a component has on the plane, and the cell that it is in.
func onlyOn(ctx context.Context, t *testing.T, namespace, component, plural string) (cell, object string) {
	t.Helper()
	out, err := shared.Lab.Kubectl(ctx, remote, "", "get", plural, "--all-namespaces", "--selector="+labelsOf(namespace, component)+",openchoreo.dev/environment=development",
		"--output=jsonpath={.items[0].metadata.namespace} "+plural+"/{.items[0].metadata.name}")
	if err != nil {
		t.Fatal(err)
	}
	cell, object, _ = strings.Cut(out, " ")
	return cell, object
}

func labelsOf(namespace, component string) string {
	return "openchoreo.dev/namespace=" + namespace + ",openchoreo.dev/component=" + component
}

func scaled(ctx context.Context, t *testing.T, namespace, name string) {
	t.Helper()
	onPlane(ctx, t, namespace, name, "scale", "--replicas=2")
}

func deleted(ctx context.Context, t *testing.T, namespace, name string) {
	t.Helper()
	onPlane(ctx, t, namespace, name, "delete", "--wait=false")
}

// onPlane runs kubectl against the Deployment of a component.
func onPlane(ctx context.Context, t *testing.T, namespace, name string, verb ...string) {
	t.Helper()
	cell, _ := onlyOn(ctx, t, namespace, name, "deployments")
	args := slices.Concat(verb[:1], []string{"deployments", "--namespace=" + cell, "--selector=" + labelsOf(namespace, name)}, verb[1:])
	if _, err := shared.Lab.Kubectl(ctx, remote, "", args...); err != nil {
		t.Fatal(err)
	}
}
