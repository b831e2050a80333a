package e2e

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// application returns an Application of Argo CD. Its status is applied with its spec: the CRD has no status subresource (argo-cd v3
// manifests/crds/application-crd.yaml).
func application(policy, status string) string {
	return fmt.Sprintf(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: TENANT-NAME, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: TENANT}
  source: {repoURL: "https://git.example.com/acme/gitops.git", path: apps/NAME, targetRevision: main}
  syncPolicy: {%s}
status:
  reconciledAt: NOW
  %s
`, policy, strings.ReplaceAll(strings.TrimSpace(status), "\n", "\n  "))
}

// trackingID adds the annotation by which Argo CD recognizes the objects that it applied.
func trackingID(u *unstructured.Unstructured) {
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	gvk := u.GroupVersionKind()
	annotations["argocd.argoproj.io/tracking-id"] = fmt.Sprintf("TENANT-NAME:%s/%s:%s/%s", gvk.Group, gvk.Kind, u.GetNamespace(), u.GetName())
	u.SetAnnotations(annotations)
}

// resources returns the component's objects as in the status of an Application.
func resources() string {
	var all []string
	for _, o := range []struct{ kind, name string }{{"Component", "NAME"}, {"Workload", "NAME-workload"}, {"ComponentRelease", "RELEASE"}, {"ReleaseBinding", "NAME-development"}} {
		all = append(all, fmt.Sprintf("{group: openchoreo.dev, version: v1alpha1, kind: %s, namespace: TENANT, name: %s, status: Synced}", o.kind, o.name))
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

// twoEngines is a migration from Argo CD to Helm that was not completed.
func twoEngines() *engineCase {
	helm := byHelm(scenario{name: "two-owners", fault: "an Application and a HelmRelease deliver the same component", want: healthyWith("TwoOwners")}, []string{"deployed 0.2.0+SHORT"}, helmReady())
	helm.others = []*engineCase{{manager: "argocd-controller", label: trackingID, objects: application(automated, inSync+"resources: "+resources())}}
	return helm
}
