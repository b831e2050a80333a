package nextsteps

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// kustomization is the scope of a finding about a Kustomization.
func kustomization() Scope {
	s := scope()
	s.Object = facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	s.Names["NAME"], s.Names["OBJECT_NAMESPACE"], s.Names["REPOSITORY_PATH"] = "apps", "flux-system", "./apps"
	return s
}

// TestOutsideGit: the command checks what the message misses, and no command checks files that are as they should be.
func TestOutsideGit(t *testing.T) {
	t.Parallel()
	const user = `"system:serviceaccount:apps:nobody"`
	for name, c := range map[string]struct {
		code    trace.Code
		message string
		first   string
		checks  bool // files
	}{
		"RightInANamespace": {
			trace.CodeKustomizationDryRunFailed, `User ` + user + ` cannot patch resource "workloads" in API group "openchoreo.dev" in the namespace "shop"`,
			"kubectl get serviceaccount nobody -n apps", false,
		},
		"RightInTheCluster": {
			trace.CodeKustomizationDryRunFailed, `User ` + user + ` cannot create resource "namespaces" in API group "" at the cluster scope`,
			"kubectl get serviceaccount nobody -n apps", false,
		},
		"ControllerItself": {
			trace.CodeKustomizationDryRunFailed, `User "system:serviceaccount:flux-system:kustomize-controller" cannot patch resource "workloads" in API group "" in the namespace "shop"`,
			"kubectl auth can-i --list -n shop --as=system:serviceaccount:flux-system:kustomize-controller", false,
		},
		"ChangedValue": {
			trace.CodeKustomizationBuildFailed, "decryption failed for 'Secret': error decrypting sops tree: cipher: message authentication failed", "git log -p -- ./apps", false,
		},
		"HostileUser": {
			trace.CodeKustomizationDryRunFailed, `User "system:serviceaccount:a:$(b)" cannot patch resource "workloads" in API group "" in the namespace "shop"`,
			"kubectl describe kustomizations.kustomize.toolkit.fluxcd.io apps -n flux-system", true,
		},
		"Subresource": {
			trace.CodeKustomizationDryRunFailed, `User ` + user + ` cannot create resource "pods/exec" in API group "" in the namespace "shop"`,
			"kubectl describe kustomizations.kustomize.toolkit.fluxcd.io apps -n flux-system", true,
		},
		"MissingKind": {
			trace.CodeKustomizationDryRunFailed, `Gadget/shop/one dry-run failed: no matches for kind "Gadget" in version "example.com/v1"`,
			"kubectl api-resources --api-group=example.com", true,
		},
		"MissingSecret": {trace.CodeKustomizationBuildFailed, `secrets "keys" not found`, "kubectl get secrets -n flux-system", false},
		"HostileSecret": {trace.CodeKustomizationBuildFailed, `secrets "--all" not found`, "kubectl choreo lint", true},
		"WrongKey": {
			trace.CodeKustomizationBuildFailed, "cannot get sops data key: no key", "kubectl get kustomizations.kustomize.toolkit.fluxcd.io apps -n flux-system -o jsonpath='{.spec.decryption}'", false,
		},
		"InvalidFile": {trace.CodeKustomizationBuildFailed, "MalformedYAMLError", "kubectl choreo lint", true},
	} {
		got := commands(Of(trace.Finding{Code: c.code, Message: c.message}, kustomization()))
		checks := slices.ContainsFunc(got, func(line string) bool {
			return strings.HasPrefix(line, "kubectl choreo lint") || strings.HasPrefix(line, "kubectl kustomize")
		})
		if len(got) == 0 || got[0] != c.first || checks != c.checks {
			t.Errorf("%s: %q, want %q first; checks files: %v, want %v", name, got, c.first, checks, c.checks)
		}
	}
}

// TestMissingKeys: whose commit is signed does not matter where the keys are missing.
func TestMissingKeys(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object = facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: "apps"}
	s.Names["KIND"], s.Names["NAME"], s.Names["OBJECT_NAMESPACE"] = "gitrepositories.source.toolkit.fluxcd.io", "apps", "flux-system"
	const describe = "kubectl describe gitrepositories.source.toolkit.fluxcd.io apps -n flux-system"
	for message, want := range map[string][]string{
		`public keys secret error: secrets "keys" not found`: {"kubectl get secrets -n flux-system", "kubectl get secret keys -n flux-system", describe},
		"signature verification of commit failed":            {describe, "git log --show-signature -1"},
	} {
		if diff := cmp.Diff(want, commands(Of(trace.Finding{Code: trace.CodeSourceVerificationFailed, Message: message}, s))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", message, diff)
		}
	}
}

// TestTimeInACommand: a shell makes the number when the command is pasted.
func TestTimeInACommand(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object.Kind, s.Names["NAME"], s.Names["OBJECT_NAMESPACE"] = "RenderedRelease", "cart-dev", "shop"
	want := `kubectl annotate renderedrelease.openchoreo.dev cart-dev -n shop --overwrite kubectl-choreo.dev/requestedAt="$(date +%s)"`
	if got := commands(Of(trace.Finding{Code: trace.CodeApplyFailed, Message: "x"}, s)); !slices.Contains(got, want) {
		t.Errorf("%q lacks %q", got, want)
	}
}

// TestNextStepOfARollout: where pods have to be deleted, another trace shows nothing more; the right type is listed for a Project.
func TestNextStepOfARollout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code          trace.Code
		message, line string
		want          bool
	}{
		"OnDelete":    {trace.CodeRolloutStuck, "0 of 1 pods have the current revision", "kubectl choreo trace cart -n shop -e dev -o wide", false},
		"NotReady":    {trace.CodeRolloutStuck, "StatefulSet 0/1", "kubectl choreo trace cart -n shop -e dev -o wide", true},
		"ClusterType": {trace.CodeProjectNotReady, `ClusterProjectType "ghost" not found`, "kubectl get projecttypes -n shop", false},
		"Type":        {trace.CodeProjectNotReady, `ProjectType "ghost" not found`, "kubectl get projecttypes -n shop", true},
		"Timeout":     {trace.CodeImagePullBackOff, "dial tcp 10.0.0.1:443: i/o timeout", "occ componentrelease generate --mode file-system --namespace shop --project web --component cart", false},
		"NoSuchTag":   {trace.CodeImagePullBackOff, "manifest unknown", "occ componentrelease generate --mode file-system --namespace shop --project web --component cart", true},
	} {
		if got := commands(Of(trace.Finding{Code: c.code, Message: c.message}, scope())); slices.Contains(got, c.line) != c.want {
			t.Errorf("%s: %q has %q: %v, want %v", name, got, c.line, !c.want, c.want)
		}
	}
}
