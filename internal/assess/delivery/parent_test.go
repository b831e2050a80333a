package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestParent: where a field of a delivering object is at fault, the hint names what applies that object.
func TestParent(t *testing.T) {
	t.Parallel()
	stalled := func(kind, suffix, reason, message string) func(w assesstest.World) facts.Object {
		return func(w assesstest.World) facts.Object {
			o := w.One(kind, suffix)
			w.Condition(o, time.Hour, "Stalled", "True", reason, message)
			w.Condition(o, time.Hour, "Ready", "False", reason, message)
			return o
		}
	}
	label := func(name string) func(o facts.Object) {
		return func(o facts.Object) {
			o.Body.SetLabels(map[string]string{"kustomize.toolkit.fluxcd.io/name": name, "kustomize.toolkit.fluxcd.io/namespace": "flux-system"})
		}
	}
	source := stalled("GitRepository", "", "URLInvalid", "failed to parse url")
	projects := stalled("Kustomization", "-projects", "InvalidCELExpression", "failed to create custom status evaluator for healthchecks[1]: failed to parse the expression InProgress: no")
	const root = "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: root, namespace: flux-system}, spec: {path: ./clusters/dev, sourceRef: {kind: GitRepository, name: %s}}}"
	for name, c := range map[string]struct {
		fail   func(w assesstest.World) facts.Object
		parent string // of which source; "" for none
		mark   func(o facts.Object)
		want   string
	}{
		"ByHand":           {source, "", func(o facts.Object) { o.Body.SetLabels(nil) }, "correct spec.url: source-controller does not retry until it changes; newer commits are not fetched, and the last fetched revision stays deployed; no label of this GitRepository shows what applies it, so change its spec in the cluster, or where you apply it from"},
		"OtherSource":      {source, "flux-system", label("root"), "; Kustomization flux-system/root applies this GitRepository from ./clusters/dev"},
		"SameSource":       {source, "oc-healthy", label("root"), "; Kustomization flux-system/root applies this GitRepository from this same source, so no commit arrives: change its spec in the cluster as well"},
		"ParentNotRead":    {source, "", label("gone"), "; Kustomization flux-system/gone applies this GitRepository"},
		"Kustomization":    {projects, "oc-healthy", label("root"), "correct spec.healthCheckExprs[1].inProgress in Git: kustomize-controller does not retry until it changes; Kustomization flux-system/root applies this Kustomization from ./clusters/dev"},
		"NotOfItsSpec":     {stalled("Kustomization", "-projects", "BuildFailed", "kustomize build failed: no"), "oc-healthy", label("root"), ""},
		"ExpressionByHand": {projects, "", func(o facts.Object) { o.Body.SetLabels(nil) }, "correct spec.healthCheckExprs[1].inProgress: kustomize-controller does not retry until it changes; no label of this Kustomization shows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := assesstest.Healthy(t)
			if c.parent != "" {
				o := w.PutYAML(strings.Replace(root, "%s", c.parent, 1))
				w.Set(o, w.Projects().Body.DeepCopy().Object["status"], "status")
			}
			c.mark(c.fail(w))
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if got == nil || !strings.Contains(got.Hint, c.want) || c.want == "" && strings.Contains(got.Hint, "applies this") {
				t.Errorf("%+v, want %q", got, c.want)
			}
		})
	}
}
