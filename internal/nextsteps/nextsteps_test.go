package nextsteps

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// The commands that a page has first for a ReleaseBinding that is not rendered.
const (
	configs  = `kubectl get releasebindings cart-dev -n shop -o jsonpath='{.spec.componentTypeEnvironmentConfigs}{.spec.traitEnvironmentConfigs}'`
	describe = "kubectl describe releasebindings cart-dev -n shop"
)

// scope is that of a finding about a ReleaseBinding.
func scope() Scope {
	return Scope{
		Object:   facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ReleaseBinding", Namespace: "shop", Name: "cart-dev"},
		Names:    map[string]string{"NAMESPACE": "shop", "PROJECT": "web", "COMPONENT": "cart", "ENVIRONMENT": "dev", "BINDING": "cart-dev"},
		IsTraced: true,
	}
}

// TestClustersAreNamed: what the user named on the command line, a command that is pasted needs again.
func TestClustersAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		contexts map[facts.Plane]string
		planes   []string
		want     []string
	}{
		"None": {nil, nil, []string{
			configs, describe, "kubectl choreo reconcile cart -n shop -e dev --wait",
		}},
		"Control": {map[facts.Plane]string{facts.Control: "prod"}, nil, []string{
			configs + " --context prod", describe + " --context prod", "kubectl choreo reconcile cart -n shop -e dev --wait --context prod",
		}},
		"Plane": {map[facts.Plane]string{"eu": "prod-eu"}, []string{"eu=prod-eu"}, []string{
			configs, describe, "kubectl choreo reconcile cart -n shop -e dev --wait --plane eu=prod-eu",
		}},
		"PlaneOfTheSettings": {map[facts.Plane]string{"eu": "prod-eu"}, nil, []string{
			configs, describe, "kubectl choreo reconcile cart -n shop -e dev --wait",
		}},
		"All": {map[facts.Plane]string{facts.Control: "prod", "eu": "a b"}, []string{"eu=a b", "shop/us=us"}, []string{
			configs + " --context prod", describe + " --context prod",
			"kubectl choreo reconcile cart -n shop -e dev --wait --context prod --plane 'eu=a b' --plane shop/us=us",
		}},
		"Hostile": {map[facts.Plane]string{facts.Control: "a'b"}, []string{"eu=a;'b"}, []string{
			configs, describe, "kubectl choreo reconcile cart -n shop -e dev --wait",
		}},
	} {
		s := scope()
		s.Contexts, s.Planes = c.contexts, c.planes
		f := trace.Finding{Code: trace.CodeRenderingFailed, Message: "environmentConfigs validation failed"}
		if diff := cmp.Diff(c.want, commands(Of(f, s))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestOnDataPlane: a command for the data plane names that cluster's context, and not that of the control plane.
func TestOnDataPlane(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object = facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "cart-1"}
	s.DataPlane, s.Contexts, s.Planes = "eu", map[facts.Plane]string{facts.Control: "prod", "eu": "prod-eu"}, []string{"eu=prod-eu"}
	for name, value := range map[string]string{"POD": "cart-1", "CONTAINER": "main", "CELL_NAMESPACE": "dp"} {
		s.Names[name] = value
	}
	got := Of(trace.Finding{Code: trace.CodeContainerFailed}, s)
	want := trace.NextStep{Role: trace.RoleDataPlane, Plane: "eu", Command: "kubectl logs cart-1 -c main -n dp --tail=50 --context prod-eu"}
	if len(got) == 0 {
		t.Fatal("no commands")
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestOtherCauses: a page has commands for all causes of its code; those of another cause than that of the message are left out.
func TestOtherCauses(t *testing.T) {
	t.Parallel()
	const (
		release = "occ componentrelease generate --mode file-system --namespace shop --project web --component cart"
		binding = "occ releasebinding generate --mode file-system --project web --component cart --target-env dev"
	)
	for message, want := range map[string][]string{
		"parameters validation failed": {
			configs, describe, release, binding, "kubectl choreo reconcile cart -n shop -e dev --wait",
		},
		"environmentConfigs validation failed": {configs, describe, "kubectl choreo reconcile cart -n shop -e dev --wait"},
	} {
		if diff := cmp.Diff(want, commands(Of(trace.Finding{Code: trace.CodeRenderingFailed, Message: message}, scope()))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", message, diff)
		}
	}
	s := scope()
	s.Object = facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "dp", Name: "cart"}
	s.DataPlane = "eu"
	s.Names["CELL_NAMESPACE"], s.Names["KIND"], s.Names["NAME"], s.Names["OBJECT_NAMESPACE"] = "dp", "deployments", "cart", "dp"
	for message, want := range map[string]string{
		"exceeded quota: pods":                 "kubectl describe resourcequotas -n dp",
		`violates PodSecurity "restricted"`:    "kubectl get namespace dp -L pod-security.kubernetes.io/enforce",
		"error looking up service account a/b": "kubectl describe deployments cart -n dp",
	} {
		if got := commands(Of(trace.Finding{Code: trace.CodePodsRefused, Message: message}, s)); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %q first", message, got, want)
		}
	}
}

// TestCauseOfAnObject: the message names the cause, and commands that read something else are left out.
func TestCauseOfAnObject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code    trace.Code
		message string
		command string // beginning
		want    bool
	}{
		"LacksConfigMap":        {trace.CodeVolumeNotMounted, `MountVolume.SetUp failed for volume "settings" : configmap "settings" not found`, "kubectl get volumeattachments", false},
		"LacksKey":              {trace.CodeVolumeNotMounted, `MountVolume.SetUp failed for volume "settings" : references non-existent secret key: a`, "kubectl get volumeattachments", false},
		"OnAnotherNode":         {trace.CodeVolumeNotMounted, "Multi-Attach error for volume \"pvc-1\"", "kubectl get volumeattachments", true},
		"DefinitionMissing":     {trace.CodeApplyFailed, `failed to apply resource a: gizmos.example.com "a" not found`, "occ componentrelease", false},
		"DefinitionTooOld":      {trace.CodeApplyFailed, ".spec.cors: field not declared in schema", "occ componentrelease", false},
		"ValueInvalid":          {trace.CodeApplyFailed, "spec.replicas: Invalid value: -1", "occ componentrelease", true},
		"FinalizerOfAnother":    {trace.CodeTerminating, "Component shop/cart is being deleted; blocked by finalizer example.com/hold", "kubectl describe renderedreleases", false},
		"FinalizerOfOpenChoreo": {trace.CodeTerminating, "Component shop/cart is being deleted; blocked by finalizer openchoreo.dev/component-cleanup", "kubectl describe renderedreleases", true},
		"NoAddress":             {trace.CodeGatewayNotReady, "no address could be assigned", "kubectl get secrets", false},
		"NoCertificate":         {trace.CodeGatewayNotReady, "invalid certificate reference", "kubectl get secrets", true},
	} {
		s := scope()
		s.Object = facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "cart-1"}
		s.Names["CELL_NAMESPACE"], s.Names["OBJECT_NAMESPACE"], s.Names["NAME"] = "dp", "dp", "cart-1"
		got := commands(Of(trace.Finding{Code: c.code, Message: c.message}, s))
		if has := slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, c.command) }); has != c.want {
			t.Errorf("%s: %q has %q: %v, want %v", name, got, c.command, has, c.want)
		}
	}
}

// TestAbsentObject: what does not exist can be listed, but not read.
func TestAbsentObject(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object = facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "SecretReference", Namespace: "shop", Name: "ghost"}
	s.Names["NAME"], s.Names["OBJECT_NAMESPACE"] = "ghost", "shop"
	for _, isAbsent := range []bool{false, true} {
		s.IsAbsent = isAbsent
		got := commands(Of(trace.Finding{Code: trace.CodeSecretReferenceNotUsable}, s))
		if read := slices.Contains(got, "kubectl get secretreferences ghost -n shop -o jsonpath='{.spec.data[*].secretKey}'"); read == isAbsent {
			t.Errorf("absent: %v, and %q", isAbsent, got)
		}
	}
}

// TestTrace: the trace that a step comes with is not offered again; without one it is the first thing to do.
func TestTrace(t *testing.T) {
	t.Parallel()
	s := scope()
	f := trace.Finding{Code: trace.CodeProgressing}
	if diff := cmp.Diff([]string{"kubectl choreo verify cart -n shop --timeout 20m", "kubectl choreo reconcile cart -n shop --wait"}, commands(Of(f, s))); diff != "" {
		t.Errorf("with a trace (-want +got)\n%s", diff)
	}
	s.IsTraced = false
	if got := commands(Of(f, s)); len(got) == 0 || got[0] != "kubectl choreo trace cart -n shop" {
		t.Errorf("without a trace: %q", got)
	}
}

func commands(steps []trace.NextStep) []string {
	var lines []string
	for _, step := range steps {
		lines = append(lines, step.Command)
	}
	return lines
}
