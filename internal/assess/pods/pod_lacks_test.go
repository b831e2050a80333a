package pods_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestProducerIsNamed: a pod lacks a Secret or ConfigMap, and the release renders what creates it.
func TestProducerIsNamed(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	ready := map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "True", "reason": "SecretSynced"}}}
	external := func(spec map[string]any) map[string]any {
		return map[string]any{"apiVersion": kinds.ExternalSecrets + "/v1", "kind": "ExternalSecret", "spec": spec}
	}
	const noSecret, noKey = `secret "token" not found`, `couldn't find key password in Secret dp-x/token`
	for name, c := range map[string]struct {
		message  string
		producer map[string]any
		named    string // the object, without a name
		status   map[string]any
		words    string
	}{
		"ExternalSecret":      {noSecret, external(map[string]any{}), "token", ready, "/token should create it, and reports Ready=True (SecretSynced)"},
		"ItsTarget":           {noSecret, external(map[string]any{"target": map[string]any{"name": "token"}}), "source", ready, "/source should create it"},
		"AnotherTarget":       {noSecret, external(map[string]any{"target": map[string]any{"name": "other"}}), "token", ready, "container main needs Secret token, which does not exist; the release does not create it"},
		"Key":                 {noKey, external(map[string]any{}), "token", nil, "/token should create it"},
		"SealedSecret":        {noSecret, map[string]any{"apiVersion": kinds.SealedSecrets + "/v1alpha1", "kind": "SealedSecret"}, "token", nil, "SealedSecret"},
		"Certificate":         {noSecret, map[string]any{"apiVersion": kinds.CertManager + "/v1", "kind": "Certificate", "spec": map[string]any{"secretName": "token"}}, "web", nil, "/web should create it"},
		"ConfigMap":           {`configmap "settings" not found`, map[string]any{"apiVersion": "v1", "kind": "ConfigMap"}, "settings", nil, "ConfigMap"},
		"ConfigMapIsNoSecret": {noSecret, map[string]any{"apiVersion": "v1", "kind": "ConfigMap"}, "token", nil, "container main needs Secret token, which does not exist; the release does not create it"},
		"AnotherError":        {`failed to create containerd task`, external(map[string]any{}), "token", nil, "cannot be started"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Waiting("CreateContainerConfigError")
			statuses := kinds.Items(w.DevPod().Body, "status", "containerStatuses")
			statuses[0]["state"] = map[string]any{"waiting": map[string]any{"reason": "CreateContainerConfigError", "message": c.message}}
			c.producer["metadata"] = map[string]any{"name": c.named, "namespace": w.Cell("development")}
			r := w.One("RenderedRelease", "greeter-service-development")
			for list, entry := range map[string]map[string]any{"spec": {"id": "producer", "object": c.producer}, "status": {"id": "producer", "kind": c.producer["kind"], "status": c.status}} {
				have, _, _ := unstructured.NestedSlice(r.Body.Object, list, "resources")
				w.Set(r, append(have, any(entry)), list, "resources")
			}
			f := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if f == nil || f.Code != trace.CodeContainerConfigError || !strings.Contains(f.Hint, c.words) {
				t.Errorf("failing %+v, want %q in its hint", f, c.words)
			}
		})
	}
}

// TestApplierOfWhatAPodLacks: what the pod lacks is delivered beside the release, by a Kustomization.
func TestApplierOfWhatAPodLacks(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Waiting("CreateContainerConfigError")
	kinds.Items(w.DevPod().Body, "status", "containerStatuses")[0]["state"] = map[string]any{
		"waiting": map[string]any{"reason": "CreateContainerConfigError", "message": `secret "token" not found`},
	}
	ks := w.One("Kustomization", "-platform")
	entries, _, _ := unstructured.NestedSlice(ks.Body.Object, "status", "inventory", "entries")
	w.Set(ks, append(entries, map[string]any{"id": w.Cell("development") + "_token_bitnami.com_SealedSecret", "v": "v1alpha1"}), "status", "inventory", "entries")
	f := assess.Assess(w.Snapshot, w.TakenAt).Failing
	if f == nil || !strings.Contains(f.Hint, ks.Ref.String()+" lists SealedSecret token as applied") {
		t.Errorf("failing %+v", f)
	}
}
