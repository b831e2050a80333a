package e2e

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// application is an Application of Argo CD. Its status stands beside its spec: the definition has no subresource (argo-cd v3
// manifests/crds/application-crd.yaml).
func application(policy, annotations, status string) string {
	return fmt.Sprintf(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: TENANT-NAME, namespace: argocd, annotations: {%s}}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: TENANT}
  source: {repoURL: "https://git.example.com/acme/gitops.git", path: apps/NAME, targetRevision: main}
  syncPolicy: {%s}
status:
  reconciledAt: NOW
  %s
`, annotations, policy, strings.ReplaceAll(strings.TrimSpace(status), "\n", "\n  "))
}

// tracked puts on the annotation by which Argo CD knows what it applies.
func tracked(u *unstructured.Unstructured) {
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	gvk := u.GroupVersionKind()
	annotations["argocd.argoproj.io/tracking-id"] = fmt.Sprintf("TENANT-NAME:%s/%s:%s/%s", gvk.Group, gvk.Kind, u.GetNamespace(), u.GetName())
	u.SetAnnotations(annotations)
}

// resources are the component's objects as an Application lists them; more is what it says of the Component.
func resources(status, more string) string {
	var all []string
	for _, o := range []struct{ kind, name string }{{"Component", "NAME"}, {"Workload", "NAME-workload"}, {"ComponentRelease", "RELEASE"}, {"ReleaseBinding", "NAME-development"}} {
		s, extra := "Synced", ""
		if o.kind == "Component" {
			s, extra = status, more
		}
		all = append(all, fmt.Sprintf("{group: openchoreo.dev, version: v1alpha1, kind: %s, namespace: TENANT, name: %s, status: %s%s}", o.kind, o.name, s, extra))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

const (
	automated = "automated: {prune: true, selfHeal: true}"
	inSync    = `
sync: {status: Synced, revision: HEAD}
health: {status: Healthy}
operationState:
  phase: Succeeded
  message: successfully synced (all tasks run)
  startedAt: NOW
  finishedAt: NOW
  syncResult: {revision: HEAD}
`
)

func synced() string { return inSync + "resources: " + resources("Synced", "") }

func byArgo(s scenario, policy, annotations, status string) *applied {
	return &applied{scenario: s, manager: "argocd-controller", mark: tracked, objects: application(policy, annotations, status)}
}

func applications() []*applied {
	const notMade = "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = apps/NAME: app path does not exist"
	const invalid = `Component.openchoreo.dev "NAME" is invalid: spec.autoDeploy: Invalid value: "string": spec.autoDeploy in body must be of type boolean: "string"`
	healthy := want{exit: 0, verdict: "Healthy"}
	blamed := func(code, name, message string) want {
		return failed("delivery", "", code, "Application", "TENANT-"+name, message)
	}
	deployedBefore := `
health: {status: Healthy}
operationState: {phase: Succeeded, message: successfully synced (all tasks run), startedAt: NOW, finishedAt: NOW, syncResult: {revision: PARENT}}
history: [{id: 0, revision: PARENT, deployedAt: NOW}]
`
	crash := byArgo(scenario{name: "argo-health-lies", fault: "a pod crashes, and Argo CD knows nothing of the health of OpenChoreo's kinds", want: pod("CrashLoopBackOff", "container main ended with exit code 1")}, automated, "", synced())
	crash.tag = "crash"
	return []*applied{
		byArgo(scenario{name: "argo-synced", fault: "none: an Application delivers the component", want: healthy}, automated, "", synced()),
		byArgo(scenario{name: "argo-comparison-error", fault: "the path of the Application is not in its repository (Argo CD does not run in the lab)", want: blamed("ApplicationComparisonError", "argo-comparison-error", "app path does not exist")}, automated, "", `
sync: {status: Unknown, revision: HEAD}
`+deployedBefore+`
conditions: [{type: ComparisonError, message: "`+notMade+`", lastTransitionTime: NOW}]`),
		byArgo(scenario{name: "argo-sync-failed", fault: "the API server refuses an object of the Application (Argo CD does not run in the lab)", want: blamed("ApplicationSyncFailed", "argo-sync-failed", "spec.autoDeploy in body must be of type boolean")}, automated, "", fmt.Sprintf(`
sync: {status: OutOfSync, revision: HEAD}
health: {status: Healthy}
operationState:
  phase: Failed
  message: %[1]q
  retryCount: 5
  startedAt: NOW
  finishedAt: NOW
  syncResult:
    revision: HEAD
    resources: [{group: openchoreo.dev, version: v1alpha1, kind: Component, namespace: TENANT, name: NAME, status: SyncFailed, hookPhase: Failed, syncPhase: Sync, message: %[2]q}]
history: [{id: 0, revision: PARENT, deployedAt: NOW}]
conditions: [{type: SyncError, message: %[3]q, lastTransitionTime: NOW}]
resources: %[4]s`, "one or more objects failed to apply, reason: "+invalid+" (retried 5 times).", invalid,
			"Failed last sync attempt to HEAD: one or more objects failed to apply, reason: "+invalid+" (retried 5 times).", resources("OutOfSync", ""))),
		byArgo(scenario{name: "argo-out-of-sync", fault: "nobody syncs an Application that does not sync by itself", want: blamed("ApplicationOutOfSync", "argo-out-of-sync", "Component TENANT/argo-out-of-sync")}, "", "",
			"sync: {status: OutOfSync, revision: HEAD}\n"+deployedBefore+"resources: "+resources("OutOfSync", "")),
		byArgo(scenario{name: "argo-paused", fix: []string{"kubectl annotate"}, fault: "somebody paused the Application by an annotation", want: worth("ApplierPaused")}, automated, `argocd.argoproj.io/skip-reconcile: "true"`, synced()),
		crash,
		twoEngines(),
	}
}

// twoEngines: a move from Argo CD to Helm that was left half done.
func twoEngines() *applied {
	helm := byHelm(scenario{name: "two-owners", fault: "an Application and a HelmRelease deliver the same component", want: worth("TwoOwners")}, []string{"deployed 0.2.0+SHORT"}, helmReady())
	helm.also = []*applied{byArgo(scenario{}, automated, "", synced())}
	return helm
}
